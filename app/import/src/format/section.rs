//! One section of a number format.

use super::{Precision, Shown};

/// What a section is made of, colours and languages left out.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Literal(String),
    /// `0`, `#` or `?`.
    Digit {
        padded: bool,
    },
    Point,
    Comma,
    Percent,
    Exponent,
    Fraction,
    /// `@`
    Text,
    /// y and e, m, d; and hours, minutes behind them and seconds.
    Year,
    Month,
    Day,
    Clock,
    General,
    /// `_x` and `*x`: room, no text.
    Room,
    Condition,
}

#[derive(Debug, Clone)]
pub struct Section {
    tokens: Vec<Token>,
}

/// The sections of a format: between semicolons that are no literals.
pub fn split(code: &str) -> impl Iterator<Item = &str> {
    let mut starts = vec![0];
    let mut chars = code.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|(_, c)| *c == '"')),
            '[' => drop(chars.by_ref().find(|(_, c)| *c == ']')),
            '\\' | '!' | '_' | '*' => drop(chars.next()),
            ';' => starts.push(at + 1),
            _ => {}
        }
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|start| start - 1).chain([code.len()]).collect();
    starts.into_iter().zip(ends).map(|(start, end)| &code[start..end])
}

impl Section {
    pub fn new(code: &str) -> Self {
        let mut tokens = Vec::new();
        let mut rest = code;
        while let Some(c) = rest.chars().next() {
            let (token, used) = token(rest, c);
            tokens.extend(token);
            rest = &rest[used..];
        }
        // m beside hours and seconds is minutes.
        if tokens.contains(&Token::Clock) && !tokens.contains(&Token::Year) && !tokens.contains(&Token::Day) {
            tokens.iter_mut().filter(|token| **token == Token::Month).for_each(|token| *token = Token::Clock);
        }
        Self { tokens }
    }

    fn has(&self, token: &Token) -> bool {
        self.tokens.contains(token)
    }

    pub fn is_conditional(&self) -> bool {
        self.has(&Token::Condition)
    }

    pub fn is_of_text(&self) -> bool {
        self.has(&Token::Text)
    }

    pub fn precision(&self) -> Precision {
        match (self.has(&Token::Year), self.has(&Token::Month), self.has(&Token::Day) || self.has(&Token::Clock)) {
            (true, true, false) => Precision::Month,
            (true, false, false) => Precision::Year,
            _ => Precision::Day,
        }
    }

    /// What the section shows of a number that is not negative.
    pub fn number(&self, number: f64) -> Shown {
        if self.has(&Token::General) || self.has(&Token::Exponent) {
            return if self.has_words() { Shown::Otherwise } else { Shown::AsKept };
        }
        if self.has(&Token::Fraction)
            || self.is_scaled()
            || !self.tokens.iter().any(|t| matches!(t, Token::Digit { .. }))
        {
            return Shown::Otherwise;
        }
        let padded = self.whole().filter(|token| matches!(token, Token::Digit { padded: true })).count();
        let digits = format!("{:.0}", number.trunc()).len();
        if !self.has_words() && !self.has(&Token::Percent) && digits >= padded {
            return Shown::AsKept;
        }
        self.fill(number)
    }

    pub fn text(&self, text: &str) -> Shown {
        if !self.has_words() {
            return Shown::AsKept;
        }
        let shown = self.tokens.iter().filter_map(|token| match token {
            Token::Literal(words) => Some(words.as_str()),
            Token::Text => Some(text),
            _ => None,
        });
        Shown::As(shown.collect::<String>().trim().to_owned())
    }

    fn has_words(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Literal(words) if !words.trim().is_empty()))
    }

    /// Thousands left out: a comma behind the last digit before the point or the end.
    fn is_scaled(&self) -> bool {
        let digit = |token: &&Token| matches!(token, Token::Digit { .. } | Token::Comma);
        let last = |tokens: &[Token]| tokens.iter().rfind(digit) == Some(&Token::Comma);
        let point = self.tokens.iter().position(|token| *token == Token::Point);
        point.is_some_and(|at| last(&self.tokens[..at])) || last(&self.tokens)
    }

    /// Tokens before the point.
    fn whole(&self) -> impl Iterator<Item = &Token> {
        self.tokens.iter().take_while(|token| **token != Token::Point)
    }

    /// Puts the digits into their places, from the point outwards.
    fn fill(&self, number: f64) -> Shown {
        let number = if self.has(&Token::Percent) { number * 100.0 } else { number };
        let point = self.tokens.iter().position(|token| *token == Token::Point).unwrap_or(self.tokens.len());
        let (whole, part) = self.tokens.split_at(point);
        let places = part.iter().filter(|token| matches!(token, Token::Digit { .. })).count();
        let text = format!("{number:.places$}");
        let (before, after) = text.split_once('.').unwrap_or((&text, ""));
        let grouped = whole.contains(&Token::Comma);
        let mut digits: Vec<char> = before.chars().collect();
        let mut reversed: Vec<char> = Vec::new();
        let first = whole.iter().position(|token| matches!(token, Token::Digit { .. }));
        let mut written = 0;
        let mut put = |c: char, out: &mut Vec<char>| {
            if grouped && written > 0 && written % 3 == 0 {
                out.push(',');
            }
            out.push(c);
            written += 1;
        };
        for (at, token) in whole.iter().enumerate().rev() {
            match token {
                Token::Digit { padded } => {
                    match digits.pop() {
                        Some(digit) => put(digit, &mut reversed),
                        None if *padded => put('0', &mut reversed),
                        None => {}
                    }
                    if Some(at) == first {
                        while let Some(digit) = digits.pop() {
                            put(digit, &mut reversed);
                        }
                    }
                }
                Token::Literal(words) => reversed.extend(words.chars().rev()),
                Token::Percent => reversed.push('%'),
                _ => {}
            }
        }
        let mut shown: String = reversed.iter().rev().collect();
        let mut rest = after.chars();
        for token in part {
            match token {
                Token::Point => shown.push('.'),
                Token::Digit { .. } => shown.extend(rest.next()),
                Token::Literal(words) => shown.push_str(words),
                Token::Percent => shown.push('%'),
                _ => {}
            }
        }
        Shown::As(shown.trim().to_owned())
    }
}

/// The first token of a format, if it shows anything, and how many bytes it takes.
fn token(rest: &str, c: char) -> (Option<Token>, usize) {
    let width = c.len_utf8();
    let until = |end: char| rest[width..].find(end).map_or(rest.len(), |at| width + at + end.len_utf8());
    let next = rest[width..].chars().next();
    let pair = width + next.map_or(0, char::len_utf8);
    if rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("General")) {
        return (Some(Token::General), 7);
    }
    match c {
        '"' => {
            let used = until('"');
            let words = rest[width..used].trim_end_matches('"');
            ((!words.is_empty()).then(|| Token::Literal(words.to_owned())), used)
        }
        '[' => {
            let used = until(']');
            (bracket(rest[width..used].trim_end_matches(']')), used)
        }
        '\\' | '!' => (next.map(|c| Token::Literal(c.to_string())), pair),
        '_' | '*' => (Some(Token::Room), pair),
        '0' => (Some(Token::Digit { padded: true }), width),
        '#' | '?' => (Some(Token::Digit { padded: false }), width),
        '.' => (Some(Token::Point), width),
        ',' => (Some(Token::Comma), width),
        '%' => (Some(Token::Percent), width),
        'E' if matches!(next, Some('+' | '-')) => (Some(Token::Exponent), pair),
        '/' => (Some(Token::Fraction), width),
        '@' => (Some(Token::Text), width),
        'y' | 'Y' | 'e' | 'E' | 'b' | 'B' | 'g' | 'G' => (Some(Token::Year), width),
        'm' | 'M' => (Some(Token::Month), width),
        'd' | 'D' | 'a' | 'A' => (Some(Token::Day), width),
        'h' | 'H' | 's' | 'S' => (Some(Token::Clock), width),
        other => (Some(Token::Literal(other.to_string())), width),
    }
}

/// `[Red]`, `[$¥-804]`, `[>100]`, `[h]`.
fn bracket(inside: &str) -> Option<Token> {
    if inside.starts_with(['<', '>', '=']) {
        return Some(Token::Condition);
    }
    if let Some(money) = inside.strip_prefix('$') {
        let sign = money.split('-').next().unwrap_or_default();
        return (!sign.is_empty()).then(|| Token::Literal(sign.to_owned()));
    }
    matches!(inside.to_ascii_lowercase().trim_matches(['h', 'm', 's']), "").then_some(Token::Clock)
}
