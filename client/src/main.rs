//! The command `tongda`.

fn main() -> std::process::ExitCode {
    tongda_client::command::main()
}
