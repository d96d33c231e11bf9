//! The command `tongda`.

mod command;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = command::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the program cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    ExitCode::from(runtime.block_on(command::run(cli)) as u8)
}
