//! The library an institution builds on, and the command tongda.
