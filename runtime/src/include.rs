//! Modules that build scripts make.

/// Includes the SDK module that the crate's build script made with `docsdk::Build`, by its name: the service's, with `_`
/// for `-`.
///
/// ```ignore
/// docsdk_runtime::include_sdk!("aliyun_rds");
///
/// use aliyun_rds::Client;
/// ```
#[macro_export]
macro_rules! include_sdk {
    ($name:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $name, ".rs"));
    };
}
