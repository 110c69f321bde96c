//! `docsdk call`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, Args, Command};
use docsdk::call::{Arguments, Given, bind, check, request, show};
use docsdk::diagnostic::{Diagnostic, Severity};
use docsdk::project::{Project, Run, find_services, read_specs};
use docsdk::spec::retrying::{self, Retry};
use docsdk::spec::{Endpoints, ErrorCode, Operation, Service};
use docsdk_runtime::credentials::aliyun::CliFile;
use docsdk_runtime::credentials::{Source as _, Surroundings, default_provider, default_region};
use docsdk_runtime::testing::Vector;
use docsdk_runtime::{CallResponse, ClientCore, Config, EndpointTable, Error, Protocol, RetryPolicy};
use serde_json::{Map, Value, json};

use super::args::Global;
use super::output::{FAILURE, Output};

/// Call an operation straight from its spec.
///
/// Parameters are given under their wire names: `--DBInstanceId rm-1`, lists by repeating the name or by number
/// (`--Tag.1.Key env`), objects as JSON. Credentials and region are looked for where the vendor's own SDKs look:
/// environment variables, profiles, metadata services. The error of a call is told with what the page says of its code.
#[derive(Debug, Args)]
#[command(
    override_usage = "docsdk call [OPTIONS] SERVICE OPERATION [--PARAMETER VALUE]...",
    after_help = "\
Examples:
  docsdk call aliyun-rds CreateBackup --DBInstanceId rm-1 --region cn-hangzhou
  docsdk call aliyun-rds CreateBackup --params backup.json --dry-run
  docsdk call aliyun-rds CreateBackup --DBInstanceId rm-1 --endpoint http://127.0.0.1:8080
  docsdk call aliyun-rds CreateBackup --DBInstanceId rm-1 --profile staging
  docsdk call --vector - < vector.json      a recorded call, sent to the address in WIRE_ENDPOINT

A parameter that has the name of an option of this command is given with --params."
)]
pub(crate) struct Call {
    /// The service
    #[arg(required_unless_present = "vector")]
    service: Option<String>,
    /// The operation
    #[arg(required_unless_present = "vector")]
    operation: Option<String>,
    /// Parameters: --Name VALUE or --Name=VALUE
    #[arg(last = true, value_name = "--PARAMETER VALUE")]
    parameters: Vec<String>,
    /// A JSON file of parameters; those on the command line come before
    #[arg(long, value_name = "FILE")]
    params: Option<PathBuf>,
    /// The region; without it, that of `ALIBABA_CLOUD_REGION_ID`, of the profile, or of `HUAWEICLOUD_SDK_REGION`
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Credentials and region of a profile of Alibaba Cloud's CLI; without it, of the vendor's default chain
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Where to call, whatever the region
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// A folder of specs; without it, those of the manifest
    #[arg(long, value_name = "DIR")]
    specs: Option<PathBuf>,
    /// Print the signed request instead of sending it; secrets are masked
    #[arg(long)]
    dry_run: bool,
    /// With `--dry-run`, print secrets too
    #[arg(long, requires = "dry_run")]
    show_secrets: bool,
    /// Send what the page does not allow, too
    #[arg(long)]
    no_check: bool,
    /// Make a recorded call: a JSON file, or `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["service", "params", "specs", "dry_run"])]
    vector: Option<PathBuf>,
}

impl Call {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let done = match &self.vector {
            Some(file) => vector(file).map(Outcome::Answered),
            None => self.call(global),
        };
        match done {
            Ok(Outcome::Answered(answer)) => {
                print_answer(&answer, output);
                ExitCode::SUCCESS
            }
            Ok(Outcome::Shown(text)) => {
                output.print(&text);
                ExitCode::SUCCESS
            }
            Err(run) => {
                output.fail("call", &run);
                FAILURE.into()
            }
        }
    }

    fn call(&self, global: &Global) -> Result<Outcome, Run> {
        let (Some(service), Some(name)) = (&self.service, &self.operation) else {
            return Err(misuse("name a service and an operation", "see `docsdk call --help`"));
        };
        let (service, operation) = self.find(global, service, name)?;
        let arguments = self.arguments(&operation)?;
        if !self.no_check {
            check(service.protocol, &operation, &arguments)
                .map_err(|fault| misuse(&fault.to_string(), "`--no-check` sends it all the same"))?;
        }
        let call = request(&service, &operation, &arguments);
        let client = self.client(&service, call.protocol, arguments.contains_key("project_id"))?;
        let runtime = tokio_runtime()?;
        if self.dry_run {
            let prepared = runtime.block_on(client.prepare(&call)).map_err(|error| failed(&error, &[]))?;
            return Ok(Outcome::Shown(show(&prepared, &operation, self.show_secrets)));
        }
        let answer = runtime.block_on(client.call(call));
        answer.map(Outcome::Answered).map_err(|error| failed(&error, &operation.errors))
    }

    fn find(&self, global: &Global, service: &str, name: &str) -> Result<(Service, Operation), Run> {
        let folder = if let Some(specs) = &self.specs {
            let folders = find_services(specs).map_err(|finding| Run::only(*finding))?;
            let found = folders.into_iter().find(|folder| folder.file_name().is_some_and(|last| last == service));
            found.ok_or_else(|| {
                misuse(&format!("`{}` holds no service `{service}`", specs.display()), "name one of its folders")
            })?
        } else {
            let project = Project::open(global.manifest.as_deref())?;
            let entry = project.manifest.service(service, &project.file).map_err(|finding| Run::only(*finding))?;
            project.specs_folder(entry)
        };
        let (stored, run) = read_specs(&folder);
        let Some(mut stored) = stored else { return Err(run) };
        if let Some(operation) = stored.operations.remove(name) {
            return Ok((stored.service, operation));
        }
        let names: Vec<&str> = stored.operations.keys().map(String::as_str).collect();
        let help = format!("its operations: {}", names.join(", "));
        Err(misuse(&format!("`{service}` has no operation `{name}`"), &help))
    }

    fn arguments(&self, operation: &Operation) -> Result<Arguments, Run> {
        let help = "parameters go by their wire names; `--params FILE` takes them as JSON";
        let given = given(&self.parameters).map_err(|word| misuse(&format!("`{word}` is no parameter"), help))?;
        let mut arguments = bind(operation, &given).map_err(|error| misuse(&error.to_string(), help))?;
        if let Some(file) = &self.params {
            for (name, value) in read_params(file)? {
                if !operation.request.iter().any(|parameter| parameter.name == name) {
                    return Err(misuse(&format!("the operation has no parameter `{name}`"), help));
                }
                arguments.entry(name).or_insert(value);
            }
        }
        Ok(arguments)
    }

    /// A client with credentials and region as generated ones find them, or of a profile.
    fn client(&self, service: &Service, protocol: Protocol, has_project: bool) -> Result<ClientCore, Run> {
        let surroundings = Surroundings::new();
        let aliyun = matches!(protocol, Protocol::AliyunRpc | Protocol::AliyunRoa);
        let profile = self.profile.as_ref().map(|name| CliFile::new(&surroundings).profile(name));
        if profile.is_some() && !aliyun {
            let message =
                format!("`{}` is no service of Alibaba Cloud, whose CLI's profiles `--profile` names", service.service);
            return Err(misuse(&message, "leave it out: the vendor's default chain is used"));
        }
        let of_profile = || profile.as_ref().and_then(CliFile::region);
        let older = || std::env::var("HUAWEICLOUD_REGION").ok().filter(|_| !aliyun);
        let region = self.region.clone().or_else(of_profile);
        let region = region.or_else(|| default_region(&surroundings, protocol)).or_else(older);
        let Endpoints { default, regional, regions } = service.endpoints.clone();
        let global = default.is_some() && regional.is_none() && regions.is_empty();
        // A project that is given need not be looked up.
        let project_of = region.as_deref().filter(|_| !has_project);
        let provider = match profile {
            Some(profile) => Some(profile.cached_in(&surroundings)),
            None => default_provider(&surroundings, protocol, project_of, global),
        };
        let mut config = provider.into_iter().fold(Config::new(), Config::credentials);
        config = region.into_iter().fold(config, Config::region);
        config = self.endpoint.iter().fold(config, Config::endpoint);
        let table = EndpointTable {
            default: default.map(Into::into),
            regional: regional.map(Into::into),
            ..EndpointTable::default().with_regions(regions)
        };
        ClientCore::new(config, &table).map_err(|error| failed(&error, &[]))
    }
}

/// Puts the parameters of `docsdk call` behind a `--`, wherever they stand, since their names are the vendor's and
/// clap can't know them. Every other command line is left as it is.
pub(super) fn parameters_last(command: &Command, words: Vec<OsString>) -> Vec<OsString> {
    let is_call = |word: &OsString| word == "call";
    let (Some(call), Some(at)) = (command.find_subcommand("call"), words.iter().skip(1).position(is_call)) else {
        return words;
    };
    let options: Vec<&Arg> = call.get_arguments().chain(command.get_arguments()).collect();
    let mut ours: Vec<OsString> = words.iter().take(at + 2).cloned().collect();
    let mut parameters: Vec<OsString> = Vec::new();
    let mut rest = words.into_iter().skip(at + 2);
    while let Some(word) = rest.next() {
        let text = word.to_string_lossy().into_owned();
        if text == "--" {
            parameters.extend(rest.by_ref());
            break;
        }
        let Some(name) = text.strip_prefix("--") else {
            ours.push(word);
            continue;
        };
        let bare = name.split('=').next().unwrap_or_default();
        let has_value = !name.contains('=');
        if let Some(option) = options.iter().find(|option| option.get_long() == Some(bare)) {
            ours.push(word);
            if has_value && option.get_action().takes_values() {
                ours.extend(rest.next());
            }
        } else if matches!(bare, "help" | "version") {
            ours.push(word);
        } else {
            parameters.push(word);
            if has_value {
                parameters.extend(rest.next());
            }
        }
    }
    if !parameters.is_empty() {
        ours.push("--".into());
        ours.extend(parameters);
    }
    ours
}

/// What came of a call.
enum Outcome {
    Answered(CallResponse),
    Shown(String),
}

/// Pairs of `--Name VALUE` and `--Name=VALUE`.
fn given(words: &[String]) -> Result<Vec<Given>, &str> {
    let mut given = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let name = word.strip_prefix("--").filter(|name| !name.is_empty()).ok_or(word.as_str())?;
        match name.split_once('=') {
            Some((name, value)) => given.push((name.to_owned(), value.to_owned())),
            None => given.push((name.to_owned(), words.next().ok_or(word.as_str())?.clone())),
        }
    }
    Ok(given)
}

fn read_params(file: &std::path::Path) -> Result<Map<String, Value>, Run> {
    let shown = file.display().to_string();
    let wrong = |message: String, help: &str| {
        Run::only(Diagnostic::new("call-params", Severity::Error, &*shown, message).help(help))
    };
    let text =
        std::fs::read_to_string(file).map_err(|error| wrong(format!("can't be read: {error}"), "name a JSON file"))?;
    serde_json::from_str(&text).map_err(|error| {
        wrong(format!("is no JSON object: {error}"), "write an object of parameters: {\"Name\": value}")
    })
}

/// Makes the call of a vector against the address in the environment.
fn vector(file: &std::path::Path) -> Result<CallResponse, Run> {
    let text = if file == std::path::Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(file)
    };
    let text = text.map_err(|error| misuse(&format!("the vector can't be read: {error}"), "name a file, or `-`"))?;
    let vector = Vector::parse(&text).map_err(|error| failed(&error, &[]))?;
    let endpoint = std::env::var("WIRE_ENDPOINT")
        .map_err(|_| misuse("WIRE_ENDPOINT is not set", "set it to the address to call: http://127.0.0.1:8080"))?;
    let config = vector.config().endpoint(endpoint).retry(RetryPolicy::none());
    let client = ClientCore::new(config, &EndpointTable::default()).map_err(|error| failed(&error, &[]))?;
    tokio_runtime()?.block_on(client.call(vector.request())).map_err(|error| failed(&error, &[]))
}

fn tokio_runtime() -> Result<tokio::runtime::Runtime, Run> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| misuse(&format!("no thread to call from: {error}"), "free some memory or files and try again"))
}

fn misuse(message: &str, help: &str) -> Run {
    Run::only(Diagnostic::new("call", Severity::Error, "docsdk call", message).help(help))
}

/// What went wrong, with what the page says of the code, whether the same call may do later, and where to read more.
fn failed(error: &Error, documented: &[ErrorCode]) -> Run {
    let mut finding = Diagnostic::new("call-failed", Severity::Error, "docsdk call", error.to_string());
    let known = documented.iter().find(|known| Some(known.code.as_str()) == error.code());
    let mut help = Vec::new();
    if let Some(known) = known {
        help.extend(known.description.as_ref().map(|text| format!("documented: {text}")));
        help.extend(retrying::of(known).map(|retry| {
            let why = match retry {
                Retry::Throttling => "there were too many calls",
                Retry::Conflict => "something else is under way",
                Retry::Transient => "the service was in trouble",
            };
            format!("the same call may do later: {why}")
        }));
    } else if error.code().is_some() && !documented.is_empty() {
        help.push("the operation's page does not document this code".to_owned());
    }
    help.extend(error.recommend_link().map(|link| format!("see {link}")));
    finding.help = Some(help.join("\n")).filter(|help| !help.is_empty());
    Run::only(finding)
}

fn print_answer(answer: &CallResponse, output: &Output) {
    let body: Result<Value, _> = serde_json::from_slice(&answer.body);
    if output.is_json() {
        let body = body.unwrap_or_else(|_| String::from_utf8_lossy(&answer.body).into());
        let result = json!({ "status": answer.status, "request_id": answer.request_id, "body": body });
        output.json("call", result, &Run::default());
    } else {
        let text = body.and_then(|body| serde_json::to_string_pretty(&body));
        let text = text.unwrap_or_else(|_| String::from_utf8_lossy(&answer.body).into_owned());
        output.print(&(text + "\n"));
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::super::args::Cli;
    use super::parameters_last;

    #[track_caller]
    fn test(words: &str, expected: &str) {
        let mut command = Cli::command();
        command.build();
        let words = words.split(' ').map(Into::into).collect();
        let reordered = parameters_last(&command, words);
        let reordered: Vec<_> = reordered.iter().map(|word| word.to_string_lossy()).collect();
        assert_eq!(reordered.join(" "), expected);
    }

    #[test]
    fn parameters_go_behind_the_options() {
        test("docsdk call s o --A 1 --dry-run --B=2 --region r", "docsdk call s o --dry-run --region r -- --A 1 --B=2");
        test("docsdk -q call s o --A --dry-run --params f", "docsdk -q call s o --params f -- --A --dry-run");
        test("docsdk call --vector -", "docsdk call --vector -");
        test("docsdk call s o --format json --X -1", "docsdk call s o --format json -- --X -1");
        test("docsdk build --A", "docsdk build --A");
    }
}
