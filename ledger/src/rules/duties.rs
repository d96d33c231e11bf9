//! Count what still binds a member: licences it takes part in, pledges it gave or holds, finance
//! instruments. Who is bound cannot leave.

use crate::identifier::MemberId;
use crate::state::{Duties, Fault, Overlay, Read};

/// One more thing binds the member.
///
/// # Errors
/// [`Fault`] when the count cannot be read or written.
pub(super) fn add(overlay: &mut Overlay<'_>, member: MemberId) -> Result<(), Fault> {
    let Duties { open } = overlay.find(&member)?.unwrap_or_default();
    overlay.put(&member, &Duties { open: open + 1 })
}

/// One thing less binds the member.
///
/// # Errors
/// [`Fault`] when the count cannot be read or written, or is zero already.
pub(super) fn remove(overlay: &mut Overlay<'_>, member: MemberId) -> Result<(), Fault> {
    let Duties { open } = overlay.must(&member)?;
    match open {
        0 => Err(Fault::Contradiction(format!("{member} has fewer duties than none"))),
        1 => overlay.remove::<Duties>(&member),
        more => overlay.put(&member, &Duties { open: more - 1 }),
    }
}
