//! What an operation's documented error codes say of sending the same call again.

use std::sync::LazyLock;

use regex::RegexSet;
use serde::Deserialize;

use super::ErrorCode;

/// What a documented code says of sending the same call again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// There were too many calls.
    Throttling,
    /// Something else is under way.
    Conflict,
    /// The service was in trouble, or says that later it may do.
    Transient,
}

/// The words of `vocabulary/retrying.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(deserialize_with = "super::paging::patterns")]
    never: RegexSet,
    throttling: Class,
    conflict: Class,
    transient: Class,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    #[serde(deserialize_with = "super::paging::patterns")]
    codes: RegexSet,
    #[serde(deserialize_with = "super::paging::patterns")]
    texts: RegexSet,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("../../vocabulary/retrying.yaml")).expect("the vocabulary is tested")
});

/// What a code says of sending the same call again, where its page lets that be seen.
pub fn of(error: &ErrorCode) -> Option<Retry> {
    let words = &*WORDS;
    let classes = [
        (Retry::Throttling, &words.throttling),
        (Retry::Conflict, &words.conflict),
        (Retry::Transient, &words.transient),
    ];
    if let Some((retry, _)) = classes.iter().find(|(_, class)| class.codes.is_match(&error.code)) {
        return Some(*retry);
    }
    if words.never.is_match(&error.code) {
        return None;
    }
    let texts = [error.message.as_deref(), error.description.as_deref()];
    let fits = |class: &Class| texts.iter().flatten().any(|text| class.texts.is_match(text.trim()));
    classes.iter().find(|(_, class)| fits(class)).map(|(retry, _)| *retry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn test(code: &str, text: &str, expected: Option<Retry>) {
        let error = ErrorCode { code: code.to_owned(), message: Some(text.to_owned()), ..ErrorCode::default() };
        assert_eq!(of(&error), expected, "{code}: {text}");
        let error = ErrorCode { code: code.to_owned(), description: Some(text.to_owned()), ..ErrorCode::default() };
        assert_eq!(of(&error), expected, "{code}: {text}");
    }

    #[test]
    fn codes_and_prose_say_what_helps() {
        use Retry::{Conflict, Throttling, Transient};
        test("Throttling.User", "", Some(Throttling));
        test("Rejected.Throttling", "The QPS upper limit is exceeded.", Some(Throttling));
        test("Common.1503", "Api flow control Error because %s.", Some(Throttling));
        test("X", "请求过于频繁，请稍后重试。", Some(Throttling));
        test("OperationConflict", "%s", Some(Conflict));
        test("LastTokenProcessing", "The last token request is processing.", Some(Conflict));
        test("DBS.200011", "Another operation is being performed on the DB instance.", Some(Conflict));
        test(
            "Idempotence.Processing",
            "The previous request is still processing, please try again later.",
            Some(Conflict),
        );
        test("Application.ChangerOrderRunning", "应用有变更流程正在执行，请稍后重试。", Some(Conflict));
        test("RDS.3002", "The standby DB instance is being restored.", Some(Conflict));
        test("ServiceUnavailable", "", Some(Transient));
        test("System.Upgrading", "The system is being upgraded. Please try again later.", Some(Transient));
        test("X", "系统繁忙，请您稍后再试。", Some(Transient));
    }

    #[test]
    fn what_later_is_the_same_is_not_worth_another_try() {
        test(
            "IdempotentParameterMismatch",
            "Request uses a client token in a previous request but is not identical.",
            None,
        );
        test("InvalidMarketImage.NotFound", "该镜像不存在，请稍后重试。", None);
        test("RDS.1100", "The RDS DB instance is being deleted.", None);
        test("CidrConflict", "The CIDR block conflicts with another.", None);
        test("X", "You can only do this operation when the instance is running.", None);
        test("Ecs.0616", "Failed to modify the ECS. Try again later or contact customer service.", None);
        test("InvalidParameter", "Please check the parameter and try again.", None);
    }
}
