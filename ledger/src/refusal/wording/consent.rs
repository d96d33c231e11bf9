//! Wording.

super::wording! {}
