//! The command `tongda-node`.

fn main() -> std::process::ExitCode {
    tongda_node::entry::main()
}
