//! The consensus engine behind a plain interface.
