//! Reading a file so that a refusal names the line, the value and what was expected; numbers are read as they are written, so
//! that 0.1 is a tenth.

use std::cell::RefCell;
use std::ops::Range;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {key} is {value}; expected {expected}")]
pub struct InputError {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// Where in the file: a key or a path of keys.
    pub key: String,
    /// What stands there.
    pub value: String,
    /// What could stand there.
    pub expected: String,
}

/// Numbers by name, each with where it stands.
pub(crate) type Named = Vec<(Spanned<String>, BigRational)>;

/// A file's name and text.
#[derive(Clone, Copy)]
pub(crate) struct Source<'s> {
    pub file: &'s str,
    pub text: &'s str,
}

impl<'s> Source<'s> {
    pub fn refuse(&self, span: Range<usize>, key: &str, value: &str, expected: &str) -> InputError {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        InputError {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            key: key.to_owned(),
            value: value.to_owned(),
            expected: expected.to_owned(),
        }
    }

    fn shown(&self, span: Range<usize>) -> String {
        let text = self.text.get(span).unwrap_or_default().trim();
        let line = text.lines().next().unwrap_or_default();
        if line.is_empty() {
            "missing".to_owned()
        } else {
            line.to_owned()
        }
    }

    /// The tables and values of the file.
    pub fn parse(&self) -> Result<Spanned<DeTable<'s>>, InputError> {
        DeTable::parse(self.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let shown = self.shown(span.start..self.text.len());
            let expected = format!("TOML ({})", error.message());
            self.refuse(span, "this line", &shown, &expected)
        })
    }
}

/// A table, and which of its keys were asked for.
pub(crate) struct Table<'a, 's> {
    source: Source<'s>,
    path: String,
    span: Range<usize>,
    entries: &'a DeTable<'s>,
    known: RefCell<Vec<&'static str>>,
}

impl<'a, 's> Table<'a, 's> {
    pub fn new(source: Source<'s>, path: &str, table: &'a DeTable<'s>, span: Range<usize>) -> Self {
        Self {
            source,
            path: path.to_owned(),
            span,
            entries: table,
            known: RefCell::default(),
        }
    }

    fn key(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    pub fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'s>>> {
        self.known.borrow_mut().push(key);
        self.entries.get(key)
    }

    fn wanted(
        &self,
        key: &'static str,
        expected: &str,
    ) -> Result<&'a Spanned<DeValue<'s>>, InputError> {
        self.get(key).ok_or_else(|| {
            let key = self.key(key);
            self.source
                .refuse(self.span.clone(), &key, "missing", expected)
        })
    }

    /// Refuses the value of `key` for being what it is.
    pub fn refuse(&self, key: &str, value: &str, expected: &str) -> InputError {
        let span = self
            .entries
            .get(key)
            .map_or(self.span.clone(), Spanned::span);
        self.source.refuse(span, &self.key(key), value, expected)
    }

    pub fn text(&self, key: &'static str, expected: &str) -> Result<String, InputError> {
        let value = self.wanted(key, expected)?;
        match value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            _ => Err(self.refuse(key, &self.source.shown(value.span()), expected)),
        }
    }

    pub fn flag(&self, key: &'static str) -> Result<bool, InputError> {
        match self.get(key).map(|value| (value.get_ref(), value.span())) {
            None => Ok(false),
            Some((DeValue::Boolean(flag), _)) => Ok(*flag),
            Some((_, span)) => Err(self.refuse(key, &self.source.shown(span), "true or false")),
        }
    }

    pub fn number(&self, key: &'static str, expected: &str) -> Result<BigRational, InputError> {
        let value = self.wanted(key, expected)?;
        number(value.get_ref())
            .ok_or_else(|| self.refuse(key, &self.source.shown(value.span()), expected))
    }

    /// The texts of an array, each with where it stands.
    pub fn texts(
        &self,
        key: &'static str,
        expected: &str,
    ) -> Result<Option<Vec<Spanned<String>>>, InputError> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let refuse = |span| {
            self.source.refuse(
                span,
                &self.key(key),
                &self.source.shown(value.span()),
                expected,
            )
        };
        let list = value
            .get_ref()
            .as_array()
            .ok_or_else(|| refuse(value.span()))?;
        let text = |item: &Spanned<DeValue<'s>>| match item.get_ref() {
            DeValue::String(text) => Ok(Spanned::new(item.span(), text.to_string())),
            _ => Err(self.source.refuse(
                item.span(),
                &self.key(key),
                &self.source.shown(item.span()),
                expected,
            )),
        };
        list.iter().map(text).collect::<Result<_, _>>().map(Some)
    }

    /// The numbers of a table of names, each with where it stands.
    pub fn numbers(&self, key: &'static str, expected: &str) -> Result<Option<Named>, InputError> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let Some(table) = value.get_ref().as_table() else {
            return Err(self.refuse(key, &self.source.shown(value.span()), expected));
        };
        let entry = |(name, amount): (&Spanned<_>, &Spanned<DeValue<'s>>)| {
            let name: &std::borrow::Cow<'_, str> = name.get_ref();
            let path = self.key(&format!("{key}.{name}"));
            let span = amount.span();
            number(amount.get_ref())
                .map(|amount| (Spanned::new(span.clone(), name.to_string()), amount))
                .ok_or_else(|| {
                    self.source
                        .refuse(span.clone(), &path, &self.source.shown(span), expected)
                })
        };
        table.iter().map(entry).collect::<Result<_, _>>().map(Some)
    }

    /// The table at `key`.
    pub fn table(&self, key: &'static str, expected: &str) -> Result<Table<'a, 's>, InputError> {
        let value = self.wanted(key, expected)?;
        let Some(table) = value.get_ref().as_table() else {
            return Err(self.refuse(key, &self.source.shown(value.span()), expected));
        };
        Ok(Table::new(self.source, &self.key(key), table, value.span()))
    }

    /// The numbers of an array, each from 0 to 1.
    pub fn parts(&self, key: &'static str, expected: &str) -> Result<Vec<f64>, InputError> {
        let value = self.wanted(key, expected)?;
        let refuse = |span: Range<usize>| {
            let shown = self.source.shown(span.clone());
            self.source.refuse(span, &self.key(key), &shown, expected)
        };
        let list = value
            .get_ref()
            .as_array()
            .ok_or_else(|| refuse(value.span()))?;
        let part = |item: &Spanned<DeValue<'s>>| {
            let part = number(item.get_ref()).and_then(|part| part.to_f64());
            part.filter(|part| (0.0..=1.0).contains(part))
                .ok_or_else(|| refuse(item.span()))
        };
        list.iter().map(part).collect()
    }

    /// The tables of an array of tables.
    pub fn tables(
        &self,
        key: &'static str,
        expected: &str,
    ) -> Result<Vec<Table<'a, 's>>, InputError> {
        let value = self.wanted(key, expected)?;
        let refuse = |span: Range<usize>| {
            self.source.refuse(
                span.clone(),
                &self.key(key),
                &self.source.shown(span),
                expected,
            )
        };
        let list = value
            .get_ref()
            .as_array()
            .ok_or_else(|| refuse(value.span()))?;
        let table = |(place, item): (usize, &'a Spanned<DeValue<'s>>)| {
            let table = item
                .get_ref()
                .as_table()
                .ok_or_else(|| refuse(item.span()))?;
            let path = self.key(&format!("{key}[{}]", place + 1));
            Ok(Table::new(self.source, &path, table, item.span()))
        };
        list.iter().enumerate().map(table).collect()
    }

    /// Refuses a key that nothing asked for, with those there are.
    pub fn finish(&self) -> Result<(), InputError> {
        let known = self.known.borrow();
        let unknown = self
            .entries
            .keys()
            .find(|key| !known.contains(&key.get_ref().as_ref()));
        let Some(key) = unknown else { return Ok(()) };
        let name = self.key(key.get_ref());
        let expected = format!("one of: {}", known.join(", "));
        Err(self
            .source
            .refuse(key.span(), &name, "not a key here", &expected))
    }

    pub fn source(&self) -> Source<'s> {
        self.source
    }
}

/// A number as written: an integer, a decimal, or a text such as "1/3" or "33.5%". NaN and infinities are none.
fn number(value: &DeValue<'_>) -> Option<BigRational> {
    match value {
        DeValue::Integer(integer) => {
            let parsed = BigInt::parse_bytes(integer.as_str().as_bytes(), integer.radix())?;
            Some(BigRational::from(parsed))
        }
        DeValue::Float(float) => decimal(float.as_str()),
        DeValue::String(text) => {
            if let Some((above, below)) = text.split_once('/') {
                let (above, below) = (decimal(above.trim())?, decimal(below.trim())?);
                return (!below.is_zero()).then(|| above / below);
            }
            if let Some(percent) = text.trim().strip_suffix('%') {
                return Some(decimal(percent.trim())? / BigRational::from(BigInt::from(100)));
            }
            None
        }
        _ => None,
    }
}

/// An exact decimal such as `-12.5e-3`. Exponents beyond ±60 are no amounts.
pub(crate) fn decimal(text: &str) -> Option<BigRational> {
    let text = text.replace('_', "");
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text.as_str(), 0),
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{part}");
    let is_number = !all.is_empty() && all.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || exponent.abs() > 60 || all.len() > 120 {
        return None;
    }
    let value = BigRational::from(BigInt::parse_bytes(all.as_bytes(), 10)? * sign);
    let shift = i64::from(exponent) - part.len() as i64;
    let ten = BigRational::from(BigInt::from(10));
    let scale = num_traits::pow(ten, shift.unsigned_abs() as usize);
    Some(if shift < 0 {
        value / scale
    } else {
        value * scale.max(BigRational::one())
    })
}
