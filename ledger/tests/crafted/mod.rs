//! Signatures on which rules of verification differ, made with the curve's small-order points.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT as BASE, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity as _;
use sha2::{Digest as _, Sha512};
use tongda_ledger::key::{PublicKey, Signature};

/// A signature, and whether strict verification accepts it.
pub struct Case {
    pub name: &'static str,
    pub key: [u8; 32],
    pub message: Vec<u8>,
    pub signature: [u8; 64],
    pub valid: bool,
}

impl Case {
    pub fn public_key(&self) -> PublicKey {
        PublicKey::ed25519(self.key)
    }

    pub fn signature(&self) -> Signature {
        Signature::ed25519(self.signature)
    }
}

/// The group order L, little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The identity as it may be written with y = p + 1: not the canonical encoding.
const IDENTITY_NON_CANONICAL: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xee;
    bytes[31] = 0x7f;
    bytes
};

fn challenge(r: &[u8; 32], a: &[u8; 32], message: &[u8]) -> Scalar {
    let hash = Sha512::new().chain_update(r).chain_update(a).chain_update(message).finalize();
    Scalar::from_bytes_mod_order_wide(&hash.into())
}

/// Whether the challenge is a multiple of eight, so that small-order parts of the key vanish.
fn vanishes(challenge: &Scalar) -> bool {
    challenge.as_bytes()[0].is_multiple_of(8)
}

fn join(r: [u8; 32], s: Scalar) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&r);
    bytes[32..].copy_from_slice(s.as_bytes());
    bytes
}

/// A signature with these points for R and A: s = r + k·a, where R and A are r·B and a·B and perhaps something of small
/// order. Messages are tried until `wanted` likes the challenge.
fn made(
    name: &'static str,
    r_bytes: [u8; 32],
    a_bytes: [u8; 32],
    (r, a): (Scalar, Scalar),
    wanted: fn(&Scalar) -> bool,
    valid: bool,
) -> Case {
    for number in 0_u32.. {
        let message = number.to_le_bytes().to_vec();
        let k = challenge(&r_bytes, &a_bytes, &message);
        if wanted(&k) {
            return Case { name, key: a_bytes, message, signature: join(r_bytes, r + k * a), valid };
        }
    }
    unreachable!("one challenge in eight is a multiple of eight")
}

/// Every crafted case, with the verdict of strict verification.
pub fn cases() -> Vec<Case> {
    let (r, a) = (Scalar::from(0x1234_5678_u64), Scalar::from(0x9abc_def0_u64));
    let (rb, ab) = (BASE * r, BASE * a);
    let torsion = EIGHT_TORSION[1];
    let bytes = |point: EdwardsPoint| point.compress().to_bytes();
    let identity = bytes(EdwardsPoint::identity());
    let any = |_: &Scalar| true;
    let mut cases = vec![
        made("an honest signature", bytes(rb), bytes(ab), (r, a), any, true),
        made("R has a part of small order", bytes(rb + torsion), bytes(ab), (r, a), any, false),
        made(
            "A has a part of small order, and the challenge is no multiple of 8",
            bytes(rb),
            bytes(ab + torsion),
            (r, a),
            |k| !vanishes(k),
            false,
        ),
        made(
            "A has a part of small order, and the challenge is a multiple of 8",
            bytes(rb),
            bytes(ab + torsion),
            (r, a),
            vanishes,
            true,
        ),
        made("A is the identity", bytes(rb), identity, (r, Scalar::ZERO), any, false),
        made("R is the identity", identity, bytes(ab), (Scalar::ZERO, a), any, false),
        made("A and R are the identity", identity, identity, (Scalar::ZERO, Scalar::ZERO), any, false),
        made("R is not canonical", IDENTITY_NON_CANONICAL, bytes(ab), (Scalar::ZERO, a), any, false),
        made("A is not canonical", bytes(rb), IDENTITY_NON_CANONICAL, (r, Scalar::ZERO), any, false),
    ];
    let mut unreduced =
        made("s is not reduced modulo the group order", bytes(rb), bytes(ab), (r, a), any, false);
    let mut carry = 0;
    for (byte, order) in unreduced.signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    cases.push(unreduced);
    cases
}

/// Every encoding that decodes to a point of small order: the eight points, the sign of x = 0 set, and y + p for y.
pub fn small_order_encodings() -> Vec<[u8; 32]> {
    let mut encodings: Vec<_> = EIGHT_TORSION.iter().map(|point| point.compress().to_bytes()).collect();
    // y = 0 and y = 1 are also written p and p + 1; the points with x = 0, y = ±1, also with the sign bit set.
    for first in [0xed, 0xee] {
        let mut y = [0xff; 32];
        y[0] = first;
        y[31] = 0x7f;
        encodings.push(y);
        y[31] = 0xff;
        encodings.push(y);
    }
    for mut y in [EIGHT_TORSION[0], EIGHT_TORSION[4]].map(|point| point.compress().to_bytes()) {
        y[31] |= 0x80;
        encodings.push(y);
    }
    encodings
}

/// Encodings y + p of points that are not of small order: no key generated by the standard is written so.
pub fn non_canonical_encodings() -> Vec<[u8; 32]> {
    (0xef..=0xff)
        .flat_map(|first| [0x7f, 0xff].map(|last| (first, last)))
        .map(|(first, last)| {
            let mut y = [0xff; 32];
            y[0] = first;
            y[31] = last;
            y
        })
        .filter(|y| curve25519_dalek::edwards::CompressedEdwardsY(*y).decompress().is_some())
        .collect()
}
