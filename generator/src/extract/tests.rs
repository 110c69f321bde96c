//! Tests of extraction: the reference pages whole, rules by small cases, bad input.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use super::{Extraction, LanguageFile, Provider, extract};
use crate::page::{Document, read_text};
use crate::provenance::Certainty;

static ALIYUN: LazyLock<Provider> = LazyLock::new(|| Provider::named("aliyun").expect("it comes with the tool"));
static HUAWEI: LazyLock<Provider> = LazyLock::new(|| Provider::named("huawei").expect("it comes with the tool"));

fn provider(name: &str) -> &'static Provider {
    if name == "huawei" { &HUAWEI } else { &ALIYUN }
}

fn read(provider_name: &str, pages: &[(&str, &str)]) -> Extraction {
    let documents: Vec<Document<'_>> = pages.iter().map(|(path, source)| read_text(path, source)).collect();
    extract(&documents, provider(provider_name))
}

/// An extraction for people: the specs, then the findings with their places, then the facts counted by rule.
fn shown(extraction: &Extraction, source: &str) -> String {
    let mut out = String::new();
    let mut rules: std::collections::BTreeMap<(&str, Certainty), usize> = std::collections::BTreeMap::new();
    for found in &extraction.operations {
        out.push_str(&serde_yaml::to_string(&found.operation).expect("specs are YAML"));
        for fact in &found.facts {
            *rules.entry((fact.rule, fact.certainty)).or_default() += 1;
        }
    }
    for code in &extraction.service_errors {
        let _ = writeln!(out, "service error {:?} {}", code.status, code.code);
    }
    for finding in &extraction.diagnostics {
        let place = finding.span.and_then(|span| source.get(span.range())).unwrap_or_default();
        let _ = writeln!(out, "--- {} ({:?}): {}\n    at {place:?}", finding.id, finding.severity, finding.message);
    }
    let _ = writeln!(out, "--- {:?}", extraction.coverage);
    for ((rule, certainty), count) in rules {
        let _ = writeln!(out, "{count:5} {rule} ({certainty:?})");
    }
    out
}

macro_rules! reference_page {
    ($name:ident, $provider:literal, $path:literal) => {
        #[test]
        fn $name() {
            let source = include_str!(concat!("../../../specs/", $path));
            let extraction = read($provider, &[($path, source)]);
            insta::assert_snapshot!(shown(&extraction, source));
        }
    };
}

reference_page!(restore_ddr_table, "aliyun", "aliyun-rds/pages/000_ddb4ed04b0447021.txt");
reference_page!(create_restore_task, "aliyun", "aliyun-dbs/pages/001_37b1367c307c476f.txt");
reference_page!(restore_to_existing_instance, "huawei", "huawei-gaussdb-mysql/pages/002_b0f36896117dca13.txt");
reference_page!(restore_instance, "aliyun", "aliyun-r-kvstore/pages/003_9bc4ab624a84d6b4.txt");
reference_page!(create_backup, "aliyun", "aliyun-rds/pages/004_ab789195386312f0.txt");

#[test]
fn facts_of_rows_stand_where_their_words_do() {
    let source = include_str!("../../../specs/aliyun-rds/pages/004_ab789195386312f0.txt");
    let extraction = read("aliyun", &[("004.txt", source)]);
    let operation = extraction.operations.first().expect("one operation");
    let at = |path: &str| {
        let fact = operation.facts.iter().find(|fact| fact.path == path).unwrap_or_else(|| panic!("no fact {path}"));
        source.get(fact.span.range()).expect("spans lie in the source")
    };
    assert_eq!(at("operation"), "CreateBackup - 为RDS实例创建备份集");
    assert_eq!(at("request.BackupMethod.name"), "BackupMethod");
    assert_eq!(at("request.BackupMethod.type"), "string");
    assert_eq!(at("request.BackupMethod.default"), "Physical");
    assert_eq!(at("request.BackupMethod.values.Snapshot"), "Snapshot");
    assert_eq!(at("errors.400.Pay.NoCreditCard.code"), "Pay.NoCreditCard");
    assert_eq!(at("errors.400.Pay.NoCreditCard.message"), "No credit cards.");
    assert_eq!(at("errors.400.Pay.NoCreditCard.description"), "无信用卡。");
    assert!(operation.facts.iter().all(|fact| source.get(fact.span.range()).is_some()));
}

#[test]
fn a_run_teaches_codes_that_stand_alone_elsewhere() {
    let apart = "Request parameters\nParameter | Type | Required | Description |\n---|---|---|---|\nA | string | Yes | x |\nError codes\n\
                 HTTP status code | Error code | Error message |\n---|---|---|\n400 | Quota.vcpuLimit | vcpu quota exceeded |\n";
    let glued = "Svc:DoIt\n\nRequest parameters\n\nParameterTypeRequiredDescription\nAstringYes\n\nThe a.\n\nError codes\n\n\
                 HTTP status codeError codeError message\n400Quota.vcpuLimitvcpu quota exceeded\n";
    let extraction = read("aliyun", &[("OtherOne.txt", apart), ("DoIt.txt", glued)]);
    let code = &extraction.operations.last().expect("two operations").operation.errors[0];
    assert_eq!((code.code.as_str(), code.message.as_deref()), ("Quota.vcpuLimit", Some("vcpu quota exceeded")));
}

#[test]
fn the_number_of_threads_and_runs_changes_nothing() {
    let source = include_str!("../../../specs/aliyun-rds/pages/000_ddb4ed04b0447021.txt");
    let pages: Vec<(String, &str)> = (0..8).map(|n| (format!("{n}.txt"), source)).collect();
    let documents: Vec<Document<'_>> = pages.iter().map(|(path, source)| read_text(path, source)).collect();
    let provider = provider("aliyun");
    let first = format!("{:?}", extract(&documents, provider));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    let second = pool.install(|| format!("{:?}", extract(&documents, provider)));
    assert_eq!(first, second);
}

#[track_caller]
fn finding(provider_name: &str, source: &str, id: &str) {
    let extraction = read(provider_name, &[("page.txt", source)]);
    assert!(extraction.operations.is_empty(), "{:?}", extraction.operations);
    let ids: Vec<_> = extraction.diagnostics.iter().map(|finding| finding.id).collect();
    assert_eq!(ids, [id]);
}

#[test]
fn pages_without_an_operation_say_so() {
    finding("aliyun", "", "page-empty");
    finding("aliyun", " \n\t\n", "page-empty");
    finding("aliyun", "A page about prices.\n\nNothing to call here.", "no-operation");
    finding("huawei", "| | |\n|||||\n---|---|\n", "no-operation");
    finding(
        "aliyun",
        "Request parameters\nParameter | Type | Description |\n---|---|---|\nA | string | x |\n",
        "no-operation",
    );
}

#[test]
fn a_list_of_codes_is_the_services() {
    let source =
        "Error codes\nHTTP status code | Error code | Error message |\n---|---|---|\n403 | Forbidden | No. |\n";
    let extraction = read("huawei", &[("errors.txt", source)]);
    assert_eq!(extraction.service_errors.len(), 1);
    assert!(extraction.operations.is_empty());
    assert!(!extraction.service_facts.is_empty());
}

#[test]
fn rows_that_no_rule_claims_are_counted_and_reported() {
    let source = "Svc:DoIt\nRequest parameters\nParameter | Type | Required | Description |\n---|---|---|---|\n\
                  A | string | Yes | x |\nsee the note below | | | |\n";
    let extraction = read("aliyun", &[("page.txt", source)]);
    assert_eq!((extraction.coverage.rows, extraction.coverage.rows_claimed), (2, 1));
    let finding = extraction.diagnostics.iter().find(|finding| finding.id == "row-unclaimed").expect("a finding");
    assert!(source.get(finding.span.expect("a place").range()).expect("in the page").starts_with("see the note"));
}

#[test]
fn files_that_come_with_the_tool_have_no_faults() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vocabulary");
    let mut languages = 0;
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let source = std::fs::read_to_string(&path).expect("a file");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if Provider::known().any(|known| format!("{known}.yaml") == name) {
            Provider::from_yaml(&source).unwrap_or_else(|error| panic!("{error}"));
        } else if source.contains("\nlanguage: ") {
            let words: LanguageFile = crate::spec::yaml::read(&source, &name).expect("a language file");
            assert_eq!(words.check(&[], &source, &name), [], "{name}");
            assert_eq!(format!("{}.yaml", words.language), name);
            let provider = format!(
                "provider: x\nlanguages: [{}]\ndefault_location: body\nrequest_line: '(?P<method>A)(?P<path>B)'\n",
                words.language
            );
            Provider::from_yaml(&provider).unwrap_or_else(|error| panic!("every file is a language: {error}"));
            languages += 1;
        }
    }
    assert!(languages >= 3);
}

#[track_caller]
fn quick(source: &str) {
    let started = Instant::now();
    for name in Provider::known() {
        let _ = read(name, &[("page.txt", source)]);
    }
    // Debug builds of a shared machine: far above what is needed, far below what a quadratic scan takes.
    assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
}

#[test]
fn large_and_broken_pages_stay_linear() {
    let header = "Parameter | Type | Required | Description |\n---|---|---|---|\n";
    quick(&format!("Request parameters\n{}\n{}\n", "a | ".repeat(10_000), "---|".repeat(10_000)));
    quick(&format!("Request parameters\n{header}{}", "a | string\n".repeat(20_000)));
    quick(&"| x\n".repeat(50_000));
    quick(&"{\n".repeat(50_000));
    quick(&"[[".repeat(100_000));
    quick(&"- \n".repeat(50_000));
    quick(&" - a\n  - b\n   - c\n".repeat(10_000));
    quick(&"<a>\n".repeat(50_000));
    quick(&format!("Request parameters\n\nParameterTypeRequiredDescription\n{}", "astringYes\n\nx\n".repeat(10_000)));
    quick(&format!("Error codes\n\nHTTP status codeError codeError message\n{}", "400A.bC said so\n".repeat(10_000)));
    quick(&"word ".repeat(200_000));
    quick(&"400".repeat(50_000));
    quick("\u{0}\u{feff}|\u{200b}|---|\r\n\r|");
}

mod splitting {
    use std::collections::HashSet;

    use crate::extract::Provider;
    use crate::extract::asked::Asked;
    use crate::extract::codes::split_error;
    use crate::extract::columns;
    use crate::extract::learned::{Learned, Lore};
    use crate::extract::rows::parameter_head;
    use crate::page::read_text;

    fn provider() -> &'static Provider {
        crate::extract::tests::provider("aliyun")
    }

    /// `prose` is what else stands on the pages of the run.
    #[track_caller]
    fn error(prose: &str, row: &str, expected: &[&str; 3]) {
        let (mut lore, asked) = (Lore::default(), Asked::default());
        lore.add(&read_text("p", prose), &provider().vocabulary);
        let learned = Learned::new(&lore, &asked);
        let described = !expected[2].is_empty();
        let split = split_error(row, described, &learned).expect("a row of an error table");
        let found = [split.code, split.message, split.description].map(|range| row.get(range).expect("in the row"));
        assert_eq!(found, *expected);
    }

    #[test]
    fn error_rows() {
        error(
            "",
            "400Pay.NoCreditCardNo credit cards.无信用卡。",
            &["Pay.NoCreditCard", "No credit cards.", "无信用卡。"],
        );
        error("", "403Request.ForbiddenHave no Permissions", &["Request.Forbidden", "Have no Permissions", ""]);
        error(
            "in the instance",
            "400BackupType.NotSupportthe specified type not support指定的备份类型不受支持。",
            &["BackupType.NotSupport", "the specified type not support", "指定的备份类型不受支持。"],
        );
        error(
            "",
            "400VpcTypeNotSupportThe vpc instance does not do it.vpc网络类型实例不支持。",
            &["VpcTypeNotSupport", "The vpc instance does not do it.", "vpc网络类型实例不支持。"],
        );
        error(
            "",
            "404InvalidKmsKeyKms key is disabled.Kms key已禁用。",
            &["InvalidKmsKey", "Kms key is disabled.", "Kms key已禁用。"],
        );
        error(
            "",
            "400BackupJobExistsA backup job exists.备份已存在。",
            &["BackupJobExists", "A backup job exists.", "备份已存在。"],
        );
        error(
            "",
            "400RegionDissolvedEOMDear customer, no.客户您好",
            &["RegionDissolvedEOM", "Dear customer, no.", "客户您好"],
        );
        error("", "500ExternalFailureIt failed.It failed.", &["ExternalFailure", "It failed.", "It failed."]);
        error(
            "",
            "400InvalidX.FormatThe size of Disk.Size is wrong.Use another.",
            &["InvalidX.Format", "The size of Disk.Size is wrong.", "Use another."],
        );
        error("", "400OnlyCode仅有描述", &["OnlyCode", "", "仅有描述"]);
    }

    #[test]
    fn lines_that_are_no_error_rows() {
        let (lore, asked) = (Lore::default(), Asked::default());
        let learned = Learned::new(&lore, &asked);
        for row in ["", "40", "400", "4000", "400 ", "999Code x", "40é", "400。", "Error 400"] {
            assert_eq!(split_error(row, true, &learned), None, "{row}");
        }
    }

    #[track_caller]
    fn head(header: &str, line: &str, expected: Option<[&str; 3]>) {
        let provider = provider();
        let header = columns::of_line(header, &provider.vocabulary).expect("a header");
        let found = parameter_head(line, &header, &HashSet::from(["OrderId"]), &provider.vocabulary).map(|head| {
            [Some(head.name), Some(head.kind), head.required]
                .map(|range| range.and_then(|r| line.get(r)).unwrap_or_default())
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn parameter_rows() {
        let glued = "ParameterTypeRequiredDescriptionExample";
        head(glued, "BackupPlanIdstringYes", Some(["BackupPlanId", "string", "Yes"]));
        head(glued, "BackupGatewayIdlongNo", Some(["BackupGatewayId", "long", "No"]));
        head(glued, "Tagarray<object>No", Some(["Tag", "array<object>", "No"]));
        head(glued, "objectNo", Some(["", "object", "No"]));
        head(glued, "DBNamestring", Some(["DBName", "string", ""]));
        head(glued, "CentralDBInstanceIdstring是", Some(["CentralDBInstanceId", "string", "是"]));
        head(glued, "The ID of the backup schedule.", None);
        head(glued, "cn-hangzhou", None);
        head(glued, "OrderIdstringNooi-fa73", Some(["OrderId", "string", "No"]));
        head("ParameterTypeRequiredExampleDescription", "NetTypeStringYesIntranet", Some(["NetType", "String", "Yes"]));
        head("ParameterTypeExampleDescription", "IntranetUrlString100", Some(["IntranetUrl", "String", ""]));
        let spaced = "Parameter Type Required Example Description";
        head(spaced, "GadInstanceName String No Enable", Some(["GadInstanceName", "String", "No"]));
        head("Parameter Type Example Description", "Items Array of Item", Some(["Items", "Array of Item", ""]));
        head(spaced, "The ID of it", None);
    }

    #[test]
    fn headers() {
        let provider = provider();
        let is_header = |line: &str| columns::of_line(line, &provider.vocabulary).is_some();
        assert!(is_header("HTTP status codeError codeError messageDescription"));
        assert!(is_header("HTTP status code错误码错误信息描述"));
        assert!(is_header("OperationAccess levelResource typeCondition keyAssociated operation"));
        assert!(is_header("变更时间变更内容概要操作"));
        assert!(!is_header("Parameter"));
        assert!(!is_header("Error codes"));
        assert!(!is_header("Name Description"));
    }
}

mod prose_rules {
    use std::fmt::Write as _;

    use crate::extract::tests::read;
    use crate::spec::{Condition, Field, Type};

    /// The fields of a request whose parameters have these types and descriptions.
    fn fields(rows: &[(&str, &str, &str)]) -> Vec<Field> {
        let mut page = "Svc:DoIt\n\nRequest parameters\n\nParameterTypeRequiredDescription\n".to_owned();
        for (name, kind, description) in rows {
            let _ = write!(page, "{name}{kind}No\n\n{description}\n\n");
        }
        let extraction = read("aliyun", &[("page.txt", &page)]);
        extraction.operations.into_iter().next().expect("one operation").operation.request
    }

    #[track_caller]
    fn field(kind: &str, description: &str) -> Field {
        fields(&[("Subject", kind, description)]).into_iter().next().expect("one field")
    }

    #[track_caller]
    fn default(kind: &str, description: &str, expected: Option<&str>) {
        assert_eq!(field(kind, description).default.as_deref(), expected, "{description}");
    }

    #[test]
    fn defaults() {
        default("string", "The mode. Default value: 0. Valid values:", Some("0"));
        default("string", "The default value is en-us.", Some("en-us"));
        default("integer", "Default value: **30**.", Some("30"));
        default("integer", "Default value: none.", None);
        default("boolean", "Default value: false", Some("false"));
        default("string", "默认值:Physical", Some("Physical"));
        default("string", "备份方式。默认值为**Auto**。", Some("Auto"));
        default("string", "默认返回所有实例。", None);
        default("string", "Valid values:\n\n  • a: one (default)\n  • b: two", Some("a"));
        default("string", "Valid values:\n\n  • a: one. This is the default value.\n  • b: two", Some("a"));
    }

    #[track_caller]
    fn values(kind: &str, description: &str, expected: &[(&str, &str)]) {
        let field = field(kind, description);
        let found: Vec<_> =
            field.values.iter().map(|v| (v.value.as_str(), v.description.as_deref().unwrap_or_default())).collect();
        assert_eq!(found, expected, "{description}");
    }

    #[test]
    fn listed_values() {
        values(
            "string",
            "Where it is. Valid values:\n\n  • RDS: on RDS.\n  • dg: elsewhere: far.",
            &[("RDS", "on RDS."), ("dg", "elsewhere: far.")],
        );
        values(
            "string",
            "备份策略,取值:\n\n  • db:单库备份\n  • instance:实例备份",
            &[("db", "单库备份"), ("instance", "实例备份")],
        );
        values("string", "Valid values: **Up**, **Down**, and Left.", &[("Up", ""), ("Down", ""), ("Left", "")]);
        values("integer", "Valid values:\n\n  • one: 1\n  • two: 2", &[]);
        values("string", "Before you start:\n\n  • Read: this.", &[]);
    }

    #[test]
    fn bounds_and_lengths() {
        let bounds = |text: &str| {
            let field = field("integer", text);
            (field.min.and_then(|n| n.as_i64()), field.max.and_then(|n| n.as_i64()))
        };
        assert_eq!(bounds("The size. Valid values: 1 to 100."), (Some(1), Some(100)));
        assert_eq!(bounds("The value ranges from 5 to 2,000 GB."), (Some(5), Some(2000)));
        assert_eq!(bounds("存储空间,取值: 5~2000。"), (Some(5), Some(2000)));
        assert_eq!(bounds("It takes 1 to 3 minutes."), (None, None));
        let lengths = |text: &str| {
            let field = field("string", text);
            (field.min_length, field.max_length)
        };
        assert_eq!(lengths("It must be 2 to 255 characters in length."), (Some(2), Some(255)));
        assert_eq!(lengths("The token cannot exceed 64 characters in length."), (None, Some(64)));
        assert_eq!(lengths("实例名称。长度为2~255个字符。"), (Some(2), Some(255)));
        assert_eq!(lengths("不能超过64个字符。"), (None, Some(64)));
    }

    #[test]
    fn formats() {
        let format = |kind: &str, text: &str| field(kind, text).format;
        assert_eq!(format("string", "In the yyyy-MM-ddTHH:mm:ssZ format.").as_deref(), Some("date-time"));
        assert_eq!(format("string", "In the yyyy-MM-ddTHH:mmZ format.").as_deref(), Some("yyyy-MM-ddTHH:mmZ"));
        assert_eq!(format("string", "格式:yyyy-MM-dd").as_deref(), Some("date"));
        assert_eq!(format("string", "A JSON array of names.").as_deref(), Some("json"));
        assert_eq!(format("string", "The password of the account.").as_deref(), Some("password"));
        assert_eq!(format("string", "The ID of it."), None);
        assert_eq!(format("long", "In the yyyy-MM-ddTHH:mm:ssZ format.").as_deref(), Some("int64"));
        let long = field("long", "A time.");
        assert_eq!((long.kind, long.declared_type.as_deref()), (Type::Integer, Some("long")));
        assert!(field("string", "This parameter is deprecated.").deprecated);
        assert!(field("string", "该参数已废弃。").deprecated);
        assert!(!field("string", "Deletes deprecated instances.").deprecated);
    }

    #[track_caller]
    fn condition(description: &str, expected: Option<Condition>) {
        let fields = fields(&[("Kind", "string", "What it is."), ("Subject", "string", description)]);
        let found = fields.last().expect("two fields").required_when.clone();
        assert_eq!(found, Vec::from_iter(expected), "{description}");
    }

    #[expect(clippy::unnecessary_wraps, reason = "the cases read better")]
    fn equals(values: &[&str]) -> Option<Condition> {
        let equals = values.iter().map(|&value| value.to_owned()).collect();
        Some(Condition { parameter: "Kind".to_owned(), equals, ..Condition::default() })
    }

    #[test]
    fn conditions() {
        condition(
            "Note If you set the Kind parameter to 0, you must also specify the Subject parameter.",
            equals(&["0"]),
        );
        condition("Note If Kind is set to Later, you must specify this parameter.", equals(&["Later"]));
        condition(
            "This parameter is required if the Kind parameter is set to A, B, C, or D.",
            equals(&["A", "B", "C", "D"]),
        );
        condition("You must specify this parameter if Kind is set to A or B.", equals(&["A", "B"]));
        condition("当 Kind 参数取值为 A 时,该参数必填。", equals(&["A"]));
        condition("当Kind为A或B时,必须传入本参数。", equals(&["A", "B"]));
        condition("该值仅在 Kind 参数为 A 时有效。", None);
        condition("This parameter is required if the Other parameter is set to A.", None);
        condition("This parameter is required if the database is a PostgreSQL database.", None);
        condition("Required if the Kind parameter is set to A and the object is a MySQL database.", None);
        let unless = Condition { parameter: "Kind".into(), not_equals: vec!["Agent".into()], ..Condition::default() };
        condition("Required except that the Kind parameter is set to Agent. See elsewhere.", Some(unless));
    }
}

mod names {
    use crate::extract::naming::name_of_title;
    use crate::extract::tests::provider;

    #[track_caller]
    fn name(title: &str, expected: &str) {
        assert_eq!(name_of_title(title, &provider("huawei").vocabulary.naming).as_deref(), Some(expected));
    }

    #[test]
    fn titles_become_names() {
        name(
            "Restoring Data to the Original Instance or an Existing Instance",
            "RestoreDataToOriginalOrExistingInstance",
        );
        name("Querying Backups", "QueryBackups");
        name("Creating a DB Instance", "CreateDBInstance");
        name("Deleting an ECS (v2)", "DeleteECS");
        name("Stopping Tasks", "StopTasks");
        name("Setting a Policy", "SetPolicy");
        name("Changing the Port", "ChangePort");
        name("Adding Tags", "AddTags");
        name("Enabling TDE", "EnableTDE");
        name("Upgrading a DB Engine", "UpgradeDBEngine");
        name("Modifying Parameters", "ModifyParameters");
        name("Removing a Node", "RemoveNode");
        name("Rebooting a DB Instance", "RebootDBInstance");
    }
}
