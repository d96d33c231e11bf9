//! The command `tongda-node` under another name, so that tests find it where cargo puts a test's own programs.

fn main() -> std::process::ExitCode {
    tongda_node::entry::main()
}
