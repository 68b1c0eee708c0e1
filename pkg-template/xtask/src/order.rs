//! The order of functions in a module: gzip sees no further back than 32 kB, so functions that are alike stand together.
//! Owns what alike is. It moves nothing: it names the functions, and wasm-opt puts them into the order of their names.

use crate::workspace::Outcome;

const MAGIC_AND_VERSION: usize = 8;

/// Ids of sections.
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const FUNCTIONS: u8 = 3;
const CODE: u8 = 10;

/// The part of the name section that names functions.
const FUNCTION_NAMES: u8 = 1;

/// The module, which has no names yet, with names that are in order where functions have the same type, and where their
/// code begins alike.
pub fn named_by_likeness(module: &[u8]) -> Outcome<Vec<u8>> {
    let (_, sections) = split(module, MAGIC_AND_VERSION)?;
    let mut sections = Reader { rest: sections };
    let (mut imported, mut types, mut bodies) = (0, Vec::new(), Vec::new());
    while !sections.rest.is_empty() {
        let id = sections.byte()?;
        let mut section = Reader {
            rest: sections.sized()?,
        };
        match id {
            IMPORTS => imported = section.list(Reader::imported_function)?.len(),
            FUNCTIONS => types = section.list(Reader::number)?,
            CODE => bodies = section.list(Reader::sized)?,
            _ => {}
        }
    }
    let mut functions: Vec<_> = types.into_iter().zip(bodies).zip(imported..).collect();
    functions.sort();
    let mut names: Vec<(usize, String)> = functions
        .into_iter()
        .enumerate()
        .map(|(rank, (_, function))| (function, format!("{rank:08}")))
        .collect();
    names.sort();
    Ok([module, &name_section(&names)].concat())
}

fn name_section(names: &[(usize, String)]) -> Vec<u8> {
    let mut map = number(names.len());
    for (function, name) in names {
        map.extend(number(*function));
        map.extend(sized(name.as_bytes()));
    }
    let content = [&sized(b"name")[..], &[FUNCTION_NAMES], &sized(&map)].concat();
    [&[CUSTOM][..], &sized(&content)].concat()
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [&number(bytes.len())[..], bytes].concat()
}

/// LEB128.
fn number(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

struct Reader<'m> {
    rest: &'m [u8],
}

impl<'m> Reader<'m> {
    fn byte(&mut self) -> Outcome<u8> {
        Ok(self.take(1)?[0])
    }

    /// LEB128.
    fn number(&mut self) -> Outcome<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
        }
    }

    fn sized(&mut self) -> Outcome<&'m [u8]> {
        let length = self.number()?;
        self.take(length)
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Outcome<T>) -> Outcome<Vec<T>> {
        (0..self.number()?).map(|_| read(self)).collect()
    }

    fn imported_function(&mut self) -> Outcome<()> {
        let (_module, _name) = (self.sized()?, self.sized()?);
        match self.byte()? {
            0 => self.number().map(|_type| ()),
            kind => Err(format!("an import of kind {kind}, which is no function").into()),
        }
    }

    fn take(&mut self, length: usize) -> Outcome<&'m [u8]> {
        let (taken, rest) = split(self.rest, length)?;
        self.rest = rest;
        Ok(taken)
    }
}

fn split(bytes: &[u8], at: usize) -> Outcome<(&[u8], &[u8])> {
    bytes
        .split_at_checked(at)
        .ok_or_else(|| "a wasm module that ends too early".into())
}
