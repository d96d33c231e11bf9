//! Receipts.

use super::*;

/// A receipt of leaf 5 of 11.
pub(crate) fn receipt() -> (Receipt, Hash) {
    let mut hashes = MemoryHashes::default();
    for entry in 0..11_u8 {
        hashes.append(leaf_hash(&[entry]));
    }
    let checkpoint = Checkpoint { origin: "o".into(), size: 11, root: hashes.root(11).unwrap() };
    let mut signed = SignedCheckpoint::new(&checkpoint).unwrap();
    let text = checkpoint.text();
    let signature = NoteSignature::sign("o".parse().unwrap(), &SigningKey::from_seed(&[7; 32]), &text);
    signed.add(signature).unwrap();
    let proof = InclusionProof::prove(&hashes, 5, 11).unwrap();
    (Receipt { extra: None, index: 5, proof, checkpoint: signed }, leaf_hash(&[5]))
}

#[test]
fn a_receipt_proves_its_leaf_and_no_other() {
    let (mut receipt, leaf) = receipt();
    assert_eq!(receipt.verify(&leaf), Ok(()));
    assert_eq!(receipt.verify(&leaf_hash(&[6])), Err(LogProofError::Root));
    for extra in [None, Some(vec![1, 2, 3])] {
        receipt.extra = extra;
        let printed = receipt.to_string();
        let read = Receipt::parse(printed.as_bytes()).unwrap();
        assert_eq!((read.to_string(), read.verify(&leaf)), (printed, Ok(())));
        assert_eq!(read, receipt);
    }
    receipt.index = 4;
    assert_eq!(receipt.verify(&leaf), Err(LogProofError::Root));
    receipt.index = 11;
    assert!(matches!(receipt.verify(&leaf), Err(LogProofError::Outside { .. })));
}

#[test]
fn hostile_receipts_are_refused() {
    let (mut receipt, _) = receipt();
    receipt.extra = Some(b"extra".to_vec());
    let good = receipt.to_string();
    let hash = good.lines().nth(3).unwrap();
    let cases = [
        ("".to_owned(), ReceiptError::Header),
        (good.replace("@v1", "@v2"), ReceiptError::Header),
        (format!(" {good}"), ReceiptError::Header),
        (good.replace("extra ZXh0cmE=", "extra "), ReceiptError::Extra),
        (good.replace("extra ZXh0cmE=", "extra ZXh0cmF="), ReceiptError::Extra),
        (good.replace("extra ZXh0cmE=", "extra"), ReceiptError::Index),
        (good.replace("extra ZXh0cmE=", "extra ZXh0cmE=\nextra ZXh0cmE="), ReceiptError::Index),
        (good.replace("index 5", "index 05"), ReceiptError::Index),
        (good.replace("index 5", "index +5"), ReceiptError::Index),
        (good.replace("index 5", "index"), ReceiptError::Index),
        (good.replace("index 5\n", ""), ReceiptError::Index),
        (good.replace("index 5\n", "index 5\nindex 5\n"), ReceiptError::Hash(0)),
        (good.replace(hash, &hash[..43]), ReceiptError::Hash(0)),
        (good.replace(hash, &format!("{hash}\n").repeat(65)), ReceiptError::Hash(64)),
        (good.replace("\n\no\n", "\no\n"), ReceiptError::Hash(4)),
        (good.split("\n\n").next().unwrap().to_owned() + "\n", ReceiptError::Shape),
        (good.replace("index 5\n", "index 5\r\n"), ReceiptError::Character(NoteError::Character(45))),
        (good.replace("\n11\n", "\n011\n"), ReceiptError::Checkpoint(CheckpointError::Size)),
        (good.trim_end().to_owned(), ReceiptError::Checkpoint(NoteError::Shape.into())),
        ("x".repeat(RECEIPT_LIMIT + 1), ReceiptError::TooLong(RECEIPT_LIMIT + 1)),
    ];
    for (text, error) in cases {
        assert_eq!(Receipt::parse(text.as_bytes()).unwrap_err(), error, "{text}");
    }
}
