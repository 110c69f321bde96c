//! The shape of a request.

use crate::call::{Location, Protocol, Style};

/// What calls of a service have in common.
#[derive(Debug)]
#[non_exhaustive]
pub struct Service {
    /// The service's name in specs and endpoints, in kebab case.
    pub name: &'static str,
    /// The vendor, as credentials know it: `aliyun`, `huawei`.
    pub provider: &'static str,
    /// How calls go on the wire.
    pub protocol: Protocol,
    /// The API's version, as the wire has it; empty where there is none.
    pub api_version: &'static str,
    /// The endpoint where nothing else applies.
    pub default_endpoint: Option<&'static str>,
    /// The endpoint's pattern, with `{region}`.
    pub regional_endpoint: Option<&'static str>,
    /// Regions that the pattern is wrong for, and their endpoints.
    pub regions: &'static [(&'static str, &'static str)],
}

impl Service {
    /// A service without endpoints.
    pub const fn new(
        name: &'static str,
        provider: &'static str,
        protocol: Protocol,
        api_version: &'static str,
    ) -> Self {
        Self { name, provider, protocol, api_version, default_endpoint: None, regional_endpoint: None, regions: &[] }
    }

    /// The same service with endpoints.
    #[must_use]
    pub const fn endpoints(
        mut self,
        default: Option<&'static str>,
        regional: Option<&'static str>,
        regions: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.default_endpoint = default;
        self.regional_endpoint = regional;
        self.regions = regions;
        self
    }
}

/// An operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its service.
    pub service: &'static Service,
    /// The HTTP method, upper case.
    pub method: &'static str,
    /// The path, with `{placeholders}`.
    pub path: &'static str,
    /// Its parameters; an input keeps their values by index into this.
    pub parameters: &'static [Parameter],
    /// The parameter that makes a repeated call the same call.
    pub client_token: Option<usize>,
    /// Whether sending it twice does no more than sending it once, whatever the method says.
    pub idempotent: bool,
    /// What documented error codes say of sending the same call again.
    pub retries: &'static [(&'static str, Retry)],
}

/// What a documented error code says of sending the same call again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Retry {
    /// It was refused because there were too many calls.
    Throttling,
    /// It was refused because something else is under way.
    Conflict,
    /// The service was in trouble.
    Transient,
}

impl Operation {
    /// An operation.
    pub const fn new(
        service: &'static Service,
        name: &'static str,
        method: &'static str,
        path: &'static str,
        parameters: &'static [Parameter],
    ) -> Self {
        Self { name, service, method, path, parameters, client_token: None, idempotent: false, retries: &[] }
    }

    /// Names the parameter that makes a repeated call the same call, by index.
    #[must_use]
    pub const fn client_token(mut self, parameter: usize) -> Self {
        self.client_token = Some(parameter);
        self
    }

    /// Says that sending it twice does no more than sending it once.
    #[must_use]
    pub const fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Says what documented error codes say of sending the same call again.
    #[must_use]
    pub const fn retries(mut self, retries: &'static [(&'static str, Retry)]) -> Self {
        self.retries = retries;
        self
    }
}

/// A parameter, or a field of an object in a request.
#[derive(Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// Where it travels.
    pub location: Location,
    /// How a list or object is written there.
    pub style: Style,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Whether `Debug` and logs hide it.
    pub sensitive: bool,
    /// Whether credentials may know it (a project's id in a path).
    pub from_credentials: bool,
    /// What is checked before sending.
    pub checks: &'static [Check],
}

impl Parameter {
    /// A parameter that may be left out.
    pub const fn new(name: &'static str, location: Location) -> Self {
        Self {
            name,
            location,
            style: Style::Default,
            required: false,
            sensitive: false,
            from_credentials: false,
            checks: &[],
        }
    }

    /// A query parameter.
    pub const fn query(name: &'static str) -> Self {
        Self::new(name, Location::Query)
    }

    /// A path parameter.
    pub const fn path(name: &'static str) -> Self {
        Self::new(name, Location::Path)
    }

    /// A header.
    pub const fn header(name: &'static str) -> Self {
        Self::new(name, Location::Header)
    }

    /// A key of the JSON body.
    pub const fn body(name: &'static str) -> Self {
        Self::new(name, Location::Body)
    }

    /// A key of a form body.
    pub const fn form(name: &'static str) -> Self {
        Self::new(name, Location::Form)
    }

    /// A call without it is refused.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// `Debug` and logs hide it.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Credentials may know it.
    #[must_use]
    pub const fn from_credentials(mut self) -> Self {
        self.from_credentials = true;
        self
    }

    /// How a list or object is written.
    #[must_use]
    pub const fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// What is checked before sending.
    #[must_use]
    pub const fn checks(mut self, checks: &'static [Check]) -> Self {
        self.checks = checks;
        self
    }
}

/// What the vendor's page says of a parameter's value, checked before sending.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Check {
    /// The smallest number.
    Min(f64),
    /// The largest number.
    Max(f64),
    /// The fewest characters.
    MinLength(usize),
    /// The most characters.
    MaxLength(usize),
    /// The fewest items.
    MinItems(usize),
    /// The most items.
    MaxItems(usize),
    /// Must be given where any of these holds.
    RequiredWhen(&'static [Condition]),
}

/// Another parameter's state.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// The other parameter's name on the wire.
    pub parameter: &'static str,
    /// What is asked of it.
    pub test: Test,
}

impl Condition {
    /// A condition.
    pub const fn new(parameter: &'static str, test: Test) -> Self {
        Self { parameter, test }
    }
}

/// What a condition asks of the other parameter.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Test {
    /// It has one of these values.
    Equals(&'static [&'static str]),
    /// It is given, and has none of these values.
    NotEquals(&'static [&'static str]),
    /// It is given.
    Present,
    /// It is left out.
    Absent,
}
