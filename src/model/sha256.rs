//! SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104), small rather than fast. Owns the arithmetic; what is hashed, and why,
//! is said in `identity`.

/// A digest, as eight words.
pub(super) type Digest = [u32; 8];

const BLOCK: usize = 64;

const START: Digest = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

#[rustfmt::skip]
const K: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// SHA-256.
pub(super) fn sha256(message: &[u8]) -> Digest {
    let bits = u64::try_from(message.len())
        .unwrap_or(u64::MAX)
        .wrapping_mul(8);
    let mut padded = message.to_vec();
    padded.push(0x80);
    // The length takes the last eight bytes of a block.
    while padded.len() % BLOCK != 56 {
        padded.push(0);
    }
    padded.extend(bits.to_be_bytes());
    let (words, _) = padded.as_chunks::<4>();
    let words: Vec<u32> = words.iter().copied().map(u32::from_be_bytes).collect();
    let (blocks, _) = words.as_chunks::<16>();
    blocks.iter().fold(START, |state, block| mix(state, *block))
}

/// HMAC-SHA-256.
pub(super) fn hmac(key: &[u8], message: &[u8]) -> Digest {
    let key = match key.len() > BLOCK {
        true => bytes_of(sha256(key)),
        false => key.to_vec(),
    };
    let keyed = |pad: u8, text: &[u8]| {
        let zeros = std::iter::repeat(0);
        let key = key.iter().copied().chain(zeros).take(BLOCK);
        let mut whole: Vec<u8> = key.map(|byte| byte ^ pad).collect();
        whole.extend(text);
        sha256(&whole)
    };
    keyed(0x5c, &bytes_of(keyed(0x36, message)))
}

fn bytes_of(digest: Digest) -> Vec<u8> {
    digest.into_iter().flat_map(u32::to_be_bytes).collect()
}

fn folded(word: u32, one: u32, two: u32, three: u32) -> u32 {
    word.rotate_right(one) ^ word.rotate_right(two) ^ word.rotate_right(three)
}

/// One block. The schedule is a window of sixteen words that moves along.
fn mix(state: Digest, mut words: [u32; 16]) -> Digest {
    let mut mixed = state;
    for constant in K {
        let [a, b, c, d, e, f, g, h] = mixed;
        let first = h
            .wrapping_add(folded(e, 6, 11, 25))
            .wrapping_add((e & f) ^ (!e & g))
            .wrapping_add(constant)
            .wrapping_add(words[0]);
        let second = folded(a, 2, 13, 22).wrapping_add((a & b) ^ (a & c) ^ (b & c));
        mixed = [
            first.wrapping_add(second),
            a,
            b,
            c,
            d.wrapping_add(first),
            e,
            f,
            g,
        ];
        let (early, late) = (words[1], words[14]);
        let mut next = words[0]
            .wrapping_add(words[9])
            .wrapping_add(early.rotate_right(7) ^ early.rotate_right(18) ^ (early >> 3))
            .wrapping_add(late.rotate_right(17) ^ late.rotate_right(19) ^ (late >> 10));
        for word in words.iter_mut().rev() {
            std::mem::swap(word, &mut next);
        }
    }
    for (mixed, before) in mixed.iter_mut().zip(state) {
        *mixed = mixed.wrapping_add(before);
    }
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(digest: Digest) -> String {
        digest.iter().map(|word| format!("{word:08x}")).collect()
    }

    #[test]
    fn fips_180_4() {
        for (message, expected) in [
            (
                String::new(),
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                "abc".into(),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".into(),
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
            (
                "a".repeat(1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            ),
        ] {
            assert_eq!(hex(sha256(message.as_bytes())), expected);
        }
    }

    #[test]
    fn rfc_4231() {
        for (key, data, expected) in [
            (
                vec![0x0b; 20],
                &b"Hi There"[..],
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe".to_vec(),
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 20],
                &[0xdd; 50],
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            ),
            (
                vec![0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                vec![0xaa; 131],
                b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            ),
        ] {
            assert_eq!(hex(hmac(&key, data)), expected);
        }
    }

    #[test]
    fn every_length_around_a_block_s_end_has_a_digest_of_its_own() {
        let digests: Vec<String> = (50..70)
            .map(|length| hex(sha256(&vec![0; length])))
            .collect();
        for (place, digest) in digests.iter().enumerate() {
            assert!(!digests[..place].contains(digest));
        }
    }
}
