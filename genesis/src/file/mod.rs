//! Read and write the genesis file: what a network is, in a form that its founders can read line by line and sign.
//!
//! The file says everything twice. Its entries are for people; the canonical form in `[founding]` is what the
//! founders sign, for its hash is the network id. Reading compares the two, so that a changed value is named by its
//! line together with the value that was signed; and a change made in both places has another network id, under which
//! no founder has signed.

mod check;
mod difference;
mod entry;
mod error;
mod layout;
mod parameters;
mod render;

pub(crate) use entry::{MemberEntry, NodeEntry, Reference};
pub use error::{Alteration, GenesisError};
pub(crate) use layout::{Layout, Step};
pub use parameters::{ParameterLine, parameter_lines, parse_parameters};
pub use render::render;
pub(crate) use render::{member_entry, node_entry, render_with};

use entry::File;
use tongda_ledger::codec::{Encode, encode};
use tongda_ledger::founding::{Founding, FoundingMember};
use tongda_ledger::hash::Domain;
use tongda_ledger::identifier::MemberId;
use tongda_ledger::key::{PublicKey, Signature, SigningKey};
use tongda_ledger::vote::NetworkId;

/// What the program calls the founders' short names: `beijing`, `registrar`. They exist in the file alone.
pub type Handle = String;

/// A founder's signature beside the founding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FounderSignature {
    /// The member that signs.
    pub member: MemberId,
    /// The key of the member that signs.
    pub key: PublicKey,
    /// Over [`signed_bytes`].
    pub signature: Signature,
}

/// A genesis file that was read: consistent in itself. [`Self::verify`] says whether its founders have signed it.
#[derive(Clone, Debug)]
pub struct Genesis {
    /// What the network is.
    pub founding: Founding,
    /// The founders' signatures, in the file's order.
    pub signatures: Vec<FounderSignature>,
    /// The network id.
    pub network: NetworkId,
    handles: Vec<Handle>,
    places: Places,
}

/// Where in the file things stand, for errors.
#[derive(Clone, Debug)]
struct Places {
    members: Vec<usize>,
    signatures: Vec<usize>,
    canonical: Option<usize>,
}

/// The bytes that a founder signs: the domain `tongda/v1/founding` and the network id.
#[must_use]
pub fn signed_bytes(network: &NetworkId) -> Vec<u8> {
    Domain::FOUNDING.bytes(&[network.0.as_bytes()])
}

impl Genesis {
    /// Reads a genesis file and checks all of it but the signatures.
    ///
    /// # Errors
    /// [`GenesisError`] names the line and what to do.
    pub fn parse(text: &str) -> Result<Self, GenesisError> {
        let layout = Layout::read(text)?;
        let file: File = layout.typed()?;
        let handles: Vec<Handle> = file.member.iter().map(|member| member.id.clone()).collect();
        check::unique_handles(&handles, &layout)?;
        let reference = Reference::of(&handles);
        let signatures = file
            .signature
            .iter()
            .enumerate()
            .map(|(place, entry)| {
                let path = [Step::key("signature"), Step::Index(place), Step::key("member")];
                let member = reference.find(&entry.member).map_err(|reason| layout.error(&path, reason))?;
                Ok(FounderSignature { member, key: entry.key.clone(), signature: entry.signature.clone() })
            })
            .collect::<Result<Vec<_>, GenesisError>>()?;
        let sealed = file.founding.clone();
        let node_places = file.node_places();
        let founding = file.into_founding(&reference, &layout)?;
        if let Some(sealed) = &sealed {
            difference::check_sealed(sealed, &founding, &node_places, &layout)?;
        }
        check::founding(&founding, &node_places, &layout)?;
        let places = Places {
            members: (0..handles.len())
                .map(|n| layout.line(&[Step::key("member"), Step::Index(n)]))
                .collect(),
            signatures: (0..signatures.len())
                .map(|n| layout.line(&[Step::key("signature"), Step::Index(n)]))
                .collect(),
            canonical: sealed.map(|_| layout.line(&[Step::key("founding")])),
        };
        let network = founding.network();
        Ok(Self { founding, signatures, network, handles, places })
    }

    /// Checks that every exchange with a node has signed, with as many of its keys as its policy asks for, and that
    /// no signature is false.
    ///
    /// # Errors
    /// [`GenesisError`] names the line of the signature that does not count or of the member whose signature is
    /// missing.
    pub fn verify(&self) -> Result<(), GenesisError> {
        if self.places.canonical.is_none() {
            return Err(GenesisError::Unsealed);
        }
        let bytes = signed_bytes(&self.network);
        for (place, entry) in self.signatures.iter().enumerate() {
            let wrong =
                |reason: String| GenesisError::Signature { line: self.places.signatures[place], reason };
            let founder = self.member(entry.member).ok_or_else(|| wrong("nobody's signature".into()))?;
            if !founder.keys.iter().any(|known| known.key == entry.key) {
                return Err(wrong(format!("{} is no key of {}", entry.key, founder.name)));
            }
            entry.key.verify(&bytes, &entry.signature).map_err(|error| {
                wrong(format!("{} has not signed the network {}: {error}", founder.name, self.network))
            })?;
            if self.signatures[..place].iter().any(|earlier| earlier.key == entry.key) {
                return Err(wrong(format!("the signature of {} stands twice", entry.key)));
            }
        }
        for (n, founder) in self.founding.members.iter().enumerate() {
            let id = Founding::member_id(n);
            if !self.founding.nodes.nodes.iter().any(|node| node.exchange == id) {
                continue;
            }
            let signed = self.signatures.iter().filter(|signature| signature.member == id).count();
            if signed < usize::from(founder.policy.default) {
                return Err(GenesisError::Unsigned {
                    line: self.places.members[n],
                    member: founder.name.to_string(),
                    signed,
                    needed: founder.policy.default,
                });
            }
        }
        Ok(())
    }

    /// The founder with this id.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&FoundingMember> {
        let place = usize::from(id.ordinal()).checked_sub(1).filter(|_| id.position() == 0)?;
        self.founding.members.get(place)
    }

    /// The founder with this key, and its id.
    #[must_use]
    pub fn member_of_key(&self, key: &PublicKey) -> Option<(MemberId, &FoundingMember)> {
        let place = self
            .founding
            .members
            .iter()
            .position(|member| member.keys.iter().any(|entry| entry.key == *key))?;
        Some((Founding::member_id(place), &self.founding.members[place]))
    }

    /// The short name that the file gives a member; empty for none.
    #[must_use]
    pub fn handle(&self, id: MemberId) -> &str {
        usize::from(id.ordinal())
            .checked_sub(1)
            .and_then(|place| self.handles.get(place))
            .map_or("", String::as_str)
    }

    /// The block that `key` adds to the file to sign it; `None` when the key is no founder's.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Option<String> {
        let (member, _) = self.member_of_key(&key.public())?;
        let signature = sign(&self.network, member, key);
        Some(render::signature_entry(&signature, self.handle(member)))
    }
}

/// The signature of a founder's key over the network id.
#[must_use]
pub fn sign(network: &NetworkId, member: MemberId, key: &SigningKey) -> FounderSignature {
    FounderSignature { member, key: key.public(), signature: key.sign(&signed_bytes(network)) }
}

/// A digest over parts that no other use of the founding domain shares: 32 bytes stand behind a label, never alone.
pub(crate) fn labelled(label: &str, value: &impl Encode) -> Vec<u8> {
    let digest = tongda_ledger::hash::Hash::of(Domain::FOUNDING, &[label.as_bytes(), &encode(value)]);
    Domain::FOUNDING.bytes(&[label.as_bytes(), digest.as_bytes()])
}
