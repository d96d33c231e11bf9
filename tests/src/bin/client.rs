//! The command `tongda` under another name, so that tests find it where cargo puts a test's own programs.

fn main() -> std::process::ExitCode {
    tongda_client::command::main()
}
