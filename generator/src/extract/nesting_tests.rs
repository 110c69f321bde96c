//! Tests of messages told by one Markdown table and its samples, cut to the few lines that matter.

use super::tables_tests::paths;
use super::{Extraction, Provider, extract};
use crate::page::{Document, read};
use crate::spec::{Field, Operation, Required};

fn pages(sources: &[&str]) -> Extraction {
    let provider = Provider::named("aliyun").expect("it comes with the tool");
    let documents: Vec<Document<'_>> = sources.iter().map(|source| read("page.md", source)).collect();
    extract(&documents, &provider)
}

fn page(name: &str, answer: &str, sample: &str) -> String {
    format!(
        "# {name}\n\nLists things.\n\n## Request parameters\n\n|Parameter|Type|Required|Description|\n|--|--|--|--|\n\
         |RegionId|String|Yes|The region.|\n\n## Response parameters\n\n|Parameter|Type|Description|\n|--|--|--|\n{answer}\n\
         ## Examples\n\nSample success responses\n\n```\n{sample}\n```\n"
    )
}

fn operation(source: &str) -> Operation {
    let mut found = pages(&[source]).operations;
    assert_eq!(found.len(), 1, "one operation a page");
    found.remove(0).operation
}

fn answer(operation: &Operation) -> Vec<String> {
    paths(operation.responses.first().map(|answer| answer.fields.as_slice()).unwrap_or_default())
}

#[track_caller]
fn answers(rows: &str, sample: &str, expected: &[&str]) {
    assert_eq!(answer(&operation(&page("DescribeThings", rows, sample))), expected);
}

#[track_caller]
fn request(tables: &str) -> Vec<Field> {
    operation(&format!("# CreateThing\n\nMakes one.\n\n## Request parameters\n\n{tables}\n")).request
}

#[test]
fn a_row_that_names_the_items_wraps_them_whatever_the_sample_leaves_out() {
    answers(
        "|Items|Array of Thing|Them.|\n|Thing| | |\n|Id|String|Its id.|\n|Total|Integer|How many.|\n",
        r#"{"Items": [{"Id": "t-1"}], "Total": 1}"#,
        &["Items Object", "Items.Thing Array", "Items.Thing[].Id String", "Total Integer"],
    );
}

#[test]
fn samples_show_lists_by_their_names_and_without_items() {
    answers(
        "|Rules|Array|Them.|\n|Id|String|Its id.|\n|Zone|Array|Its zones.|\n|Name|String|The zone's.|\n|Total|Integer|How many.|\n",
        r#"{"Rules": {"Rule": {"Id": "1", "Zone": {"Zones": []}}}, "Total": 1}"#,
        &[
            "Rules Object",
            "Rules.Rule Array",
            "Rules.Rule[].Id String",
            "Rules.Rule[].Zone Object",
            "Rules.Rule[].Zone.Zones Array",
            "Rules.Rule[].Zone.Zones[].Name String",
            "Total Integer",
        ],
    );
}

#[test]
fn an_object_may_hold_a_field_of_its_own_name() {
    answers(
        "|Data|Object|It.|\n|Id|String|Its id.|\n|Data|Map|Pairs.|\n|Zone|String|Its zone.|\n|Code|String|The code.|\n",
        r#"{"Data": {"Id": "1", "Zone": "z"}, "Code": "200"}"#,
        &["Data Object", "Data.Id String", "Data.Data Map", "Data.Zone String", "Code String"],
    );
}

#[test]
fn names_go_where_the_alphabet_has_them_with_capitals_first() {
    let rows = "|Thing|Struct|It.|\n|Alpha|Struct|Part.|\n|Ready|Boolean|Whether.|\n|HostName|String|Host.|\n|ISP|String|Provider.|\n\
                |ImageId|String|Image.|\n|Name|String|Name.|\n|VPCId|String|Net.|\n|VpcName|String|Net.|\n|Zone|String|Zone.|\n";
    answers(
        rows,
        r#"{"Thing": {"HostName": "h", "ImageId": "i", "Name": "n", "VpcName": "v", "Zone": "z"}}"#,
        &[
            "Thing Object",
            "Thing.Alpha Object",
            "Thing.Alpha.Ready Boolean",
            "Thing.HostName String",
            "Thing.ISP String",
            "Thing.ImageId String",
            "Thing.Name String",
            "Thing.VPCId String",
            "Thing.VpcName String",
            "Thing.Zone String",
        ],
    );
}

#[test]
fn other_pages_show_what_this_page_s_sample_leaves_empty() {
    let rows = "|Things|Array of Thing|Them.|\n|Thing| | |\n|Id|String|Its id.|\n|Tags|Array of Tag|Its tags.|\n|Tag| | |\n\
                |Key|String|Key.|\n|Value|String|Value.|\n|VpcMode|String|Mode.|\n";
    let bare = page("DescribeThings", rows, r#"{"Things": {"Thing": [{"Id": "1", "Tags": {"Tag": []}}]}}"#);
    let told = |number: usize| {
        let sample = r#"{"Tags": {"Tag": [{"Key": "k", "Value": "v"}]}}"#;
        let rows = "|Tags|Array of Tag|Tags.|\n|Tag| | |\n|Key|String|Key.|\n|Value|String|Value.|\n";
        page(&format!("ListTags{number}"), rows, sample)
    };
    let others: Vec<String> = (0..3).map(told).collect();
    let sources: Vec<&str> = std::iter::once(&bare).chain(&others).map(String::as_str).collect();
    let found = pages(&sources);
    let own = found.operations.iter().find(|found| found.operation.operation == "DescribeThings").expect("it is read");
    let paths = answer(&own.operation);
    assert!(paths.contains(&"Things.Thing[].VpcMode String".to_owned()), "{paths:?}");
    assert!(paths.contains(&"Things.Thing[].Tags.Tag[].Value String".to_owned()), "{paths:?}");
}

#[test]
fn tables_after_a_sentence_or_of_the_sample_s_names_are_parts_of_rows() {
    let head = "|Name|Type|Required|Description|\n|--|--|--|--|\n";
    let fields = request(&format!(
        "{head}|Configuration.N|Configuration|Yes|What to make.|\n|DryRun|Boolean|No|Whether.|\n\n\
         The following table describes the parameters of the Configuration data type.\n\n{head}|Scope|String|Yes|Scope.|\n"
    ));
    assert_eq!(paths(&fields), ["Configuration Array", "Configuration[].Scope String", "DryRun Boolean"]);
    answers(
        "|TagSets|List|Sets.|\n\n|Name|Type|Description|\n|--|--|--|\n|TagKey|String|Key.|\n",
        r#"{"TagSets": {"TagSet": [{"TagKey": "k"}]}}"#,
        &["TagSets Object", "TagSets.TagSet Array", "TagSets.TagSet[].TagKey String"],
    );
}

#[test]
fn columns_are_told_by_slips_of_the_hand_and_by_what_they_hold() {
    let fields =
        request("|Parametre|Kind of value|Must it|Description|\n|--|--|--|--|\n|Size|Integer|Yes.|Its size.|\n");
    assert_eq!(paths(&fields), ["Size Integer"]);
    assert_eq!(fields[0].required, Some(Required::Yes));
    let table = "|Returned|Error cdoe|Error message|\n|--|--|--|\n|403|Denied|No.|\n";
    let errors = operation(&(page("CreateThing", "", "") + "\n## Error codes\n\n" + table)).errors;
    assert_eq!(errors.first().map(|error| (error.status, error.code.as_str())), Some((Some(403), "Denied")));
}

#[test]
fn lists_whose_numbers_begin_with_nought_may_be_left_out() {
    let fields = request(
        "|Name|Type|Required|Description|\n|--|--|--|--|\n|Entry.N.Cidr|String|Yes|Valid values of N: 0 to 200.|\n\
         |Disk.N.Size|Integer|Yes|Valid values of N: 1 to 16.|\n",
    );
    let required: Vec<_> = fields.iter().map(|field| (field.name.as_str(), field.required)).collect();
    assert_eq!(required, [("Entry", Some(Required::No)), ("Disk", Some(Required::Yes))]);
}

#[test]
fn tables_may_lack_the_rule_stand_in_html_and_in_cells() {
    let plain = request("|Name|Type|Required|Description|\n|Size|Integer|Yes|Its size.|\n");
    let html = request(
        "<table><tr><th>Name</th><th>Type</th><th>Required</th><th>Description</th></tr>\n\
         <tr><td>Size</td><td>Integer</td><td>Yes</td><td>Its size. <table><tr><td>Name</td><td>Type</td></tr>\
         <tr><td>S</td><td>small</td></tr></table></td></tr></table>\n",
    );
    let broken = request(
        "|Description|Name|Type|Required|\n|--|--|--|--|\n|Its size:\n\n-   small\n-   big|Size|Integer|Yes|\n",
    );
    for fields in [plain, html, broken] {
        assert_eq!(paths(&fields), ["Size Integer"]);
        assert_eq!(fields[0].required, Some(Required::Yes));
    }
}
