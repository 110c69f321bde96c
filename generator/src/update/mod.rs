//! Pages of the web: fetched politely, judged before they replace those at hand, and carried to a proposed release.

mod address;
mod clock;
mod content;
mod fetch;
mod file_name;
mod gather;
mod harvest;
mod index;
mod judge;
mod lock;
mod pace;
mod robots;
mod settings;
mod staging;
mod transport;
mod wanted;
