//! The client against a node: the library in `session`, the command in `command`, the node in `double`.

#[cfg(test)]
mod command;
#[cfg(test)]
mod double;
#[cfg(test)]
mod session;
