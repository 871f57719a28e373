use super::{Combinator, Complex, Nth, Operator, Selector, SelectorError, Simple};

pub(super) fn parse(text: &str) -> Result<Selector> {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
    };
    let list = parser.list(false)?;
    match parser.peek() {
        None => Ok(Selector { list }),
        Some(c) => Err(parser.error(format!("`{c}` does not belong here"))),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

type Result<T> = std::result::Result<T, SelectorError>;

impl Parser<'_> {
    fn error(&self, message: impl Into<String>) -> SelectorError {
        SelectorError {
            at: self.at,
            message: message.into(),
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn expect(&mut self, wanted: char) -> Result<()> {
        if self.eat(wanted) {
            return Ok(());
        }
        Err(self.error(match self.peek() {
            Some(c) => format!("expected `{wanted}`, found `{c}`"),
            None => format!("expected `{wanted}`, the selector ends"),
        }))
    }

    /// Skips white space; whether there was any.
    fn blanks(&mut self) -> bool {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_whitespace()) {
            self.at += 1;
        }
        self.at > start
    }

    fn list(&mut self, relative: bool) -> Result<Vec<Complex>> {
        let mut list = Vec::new();
        loop {
            list.push(self.complex(relative)?);
            if !self.eat(',') {
                return Ok(list);
            }
        }
    }

    fn combinator(&mut self) -> Option<Combinator> {
        let combinator = match self.peek()? {
            '>' => Combinator::Child,
            '+' => Combinator::Next,
            '~' => Combinator::Later,
            _ => return None,
        };
        self.at += 1;
        self.blanks();
        Some(combinator)
    }

    fn complex(&mut self, relative: bool) -> Result<Complex> {
        self.blanks();
        let mut combinator = Combinator::Descendant;
        if relative {
            combinator = self.combinator().unwrap_or(combinator);
        }
        let mut parts = vec![(combinator, self.compound()?)];
        loop {
            let blank = self.blanks();
            let combinator = match self.combinator() {
                Some(combinator) => combinator,
                None if blank && !matches!(self.peek(), None | Some(',' | ')')) => {
                    Combinator::Descendant
                }
                None => return Ok(Complex { parts }),
            };
            parts.push((combinator, self.compound()?));
        }
    }

    fn compound(&mut self) -> Result<Vec<Simple>> {
        let mut simples = Vec::new();
        loop {
            let simple = match self.peek() {
                Some('*') => {
                    self.bump();
                    Simple::Universal
                }
                Some('#') => {
                    self.bump();
                    Simple::Id(self.name("an id after `#`")?)
                }
                Some('.') => {
                    self.bump();
                    Simple::Class(self.name("a class after `.`")?)
                }
                Some('[') => self.attribute()?,
                Some(':') => self.pseudo()?,
                Some(c) if simples.is_empty() && is_name_start(c) => {
                    Simple::Type(self.name("a tag")?.to_ascii_lowercase())
                }
                Some(c) if simples.is_empty() => {
                    return Err(self.error(format!("expected a selector, found `{c}`")));
                }
                None if simples.is_empty() => {
                    return Err(self.error("expected a selector, the text ends"));
                }
                _ => return Ok(simples),
            };
            simples.push(simple);
        }
    }

    fn name(&mut self, what: &str) -> Result<String> {
        let mut name = String::new();
        let start = self.at;
        while let Some(c) = self.peek() {
            if c == '\\' {
                self.bump();
                name.push(self.escape()?);
            } else if is_name_char(c) && !(name.is_empty() && c.is_ascii_digit()) {
                self.bump();
                name.push(c);
            } else {
                break;
            }
        }
        if name.is_empty() {
            self.at = start;
            return Err(self.error(format!("expected {what}")));
        }
        Ok(name)
    }

    /// What follows a backslash: up to six hexadecimal digits and a blank, or a character.
    fn escape(&mut self) -> Result<char> {
        let mut code = 0;
        let mut count = 0;
        while let Some(digit) = self
            .peek()
            .and_then(|c| c.to_digit(16))
            .filter(|_| count < 6)
        {
            code = code * 16 + digit;
            count += 1;
            self.at += 1;
        }
        if count == 0 {
            return self
                .bump()
                .ok_or_else(|| self.error("nothing follows the backslash"));
        }
        if self.peek().is_some_and(|c| c.is_ascii_whitespace()) {
            self.at += 1;
        }
        Ok(char::from_u32(code)
            .filter(|&c| c != '\0')
            .unwrap_or('\u{fffd}'))
    }

    fn attribute(&mut self) -> Result<Simple> {
        self.expect('[')?;
        self.blanks();
        let name = self.name("the name of an attribute")?.to_ascii_lowercase();
        self.blanks();
        if self.eat(']') {
            return Ok(Simple::Attribute {
                name,
                test: None,
                ignore_case: false,
            });
        }
        let operator = match self.peek() {
            Some('=') => Operator::Equals,
            Some('~') => Operator::Includes,
            Some('|') => Operator::Dash,
            Some('^') => Operator::Prefix,
            Some('$') => Operator::Suffix,
            Some('*') => Operator::Contains,
            _ => return Err(self.error("expected `]` or one of `=`, `~=`, `|=`, `^=`, `$=`, `*=`")),
        };
        if operator != Operator::Equals {
            self.at += 1;
        }
        self.expect('=')?;
        self.blanks();
        let value = match self.peek() {
            Some(quote @ ('"' | '\'')) => self.string(quote)?,
            _ => self.name("a value; put it in quotes")?,
        };
        self.blanks();
        let mut ignore_case = false;
        if let Some(flag @ ('i' | 'I' | 's' | 'S')) = self.peek() {
            ignore_case = flag.eq_ignore_ascii_case(&'i');
            self.at += 1;
            self.blanks();
        }
        self.expect(']')?;
        Ok(Simple::Attribute {
            name,
            test: Some((operator, value)),
            ignore_case,
        })
    }

    fn string(&mut self, quote: char) -> Result<String> {
        let start = self.at;
        self.bump();
        let mut value = String::new();
        loop {
            match self.bump() {
                Some(c) if c == quote => return Ok(value),
                Some('\\') => value.push(self.escape()?),
                Some(c) => value.push(c),
                None => {
                    self.at = start;
                    return Err(self.error("the quoted text is not closed"));
                }
            }
        }
    }

    fn pseudo(&mut self) -> Result<Simple> {
        let start = self.at;
        self.expect(':')?;
        let name = self
            .name("the name of a pseudo-class after `:`")?
            .to_ascii_lowercase();
        let nth = |a, b, from_end, of_type| {
            Simple::Nth(Nth {
                a,
                b,
                from_end,
                of_type,
            })
        };
        let single = |simple| Complex {
            parts: vec![(Combinator::Descendant, vec![simple])],
        };
        if !self.eat('(') {
            return Ok(match name.as_str() {
                "empty" => Simple::Empty,
                "root" => Simple::Root,
                "first-child" => nth(0, 1, false, false),
                "last-child" => nth(0, 1, true, false),
                "first-of-type" => nth(0, 1, false, true),
                "last-of-type" => nth(0, 1, true, true),
                // The only one is neither not the first nor not the last.
                "only-child" | "only-of-type" => {
                    let of_type = name == "only-of-type";
                    let negated =
                        |from_end| Simple::Not(vec![single(nth(0, 1, from_end, of_type))]);
                    Simple::Not(vec![single(negated(false)), single(negated(true))])
                }
                _ => return Err(self.unknown(start, &name)),
            });
        }
        self.depth += 1;
        if self.depth > 32 {
            return Err(self.error("nested too deep"));
        }
        let simple = match name.as_str() {
            "not" => Simple::Not(self.list(false)?),
            "is" | "where" | "matches" => Simple::Is(self.list(false)?),
            "has" => Simple::Has(self.list(true)?),
            "nth-child" | "nth-last-child" | "nth-of-type" | "nth-last-of-type" => {
                let (a, b) = self.an_plus_b()?;
                nth(a, b, name.contains("last"), name.ends_with("of-type"))
            }
            _ => return Err(self.unknown(start, &name)),
        };
        self.depth -= 1;
        self.blanks();
        self.expect(')')?;
        Ok(simple)
    }

    fn unknown(&self, at: usize, name: &str) -> SelectorError {
        SelectorError {
            at,
            message: format!("there is no pseudo-class `:{name}` here"),
        }
    }

    fn an_plus_b(&mut self) -> Result<(i64, i64)> {
        self.blanks();
        let start = self.at;
        let end = self
            .rest()
            .find(')')
            .map_or(self.text.len(), |at| self.at + at);
        let text: String = self
            .text
            .get(start..end)
            .unwrap_or("")
            .chars()
            .filter(|c| !c.is_ascii_whitespace())
            .collect::<String>()
            .to_ascii_lowercase();
        let parsed = match text.as_str() {
            "odd" => Some((2, 1)),
            "even" => Some((2, 0)),
            text => match text.split_once('n') {
                Some((a, b)) => {
                    let a = match a {
                        "" | "+" => Some(1),
                        "-" => Some(-1),
                        a => a.parse().ok(),
                    };
                    let b = if b.is_empty() {
                        Some(0)
                    } else {
                        b.parse().ok()
                    };
                    a.zip(b)
                }
                None => text.parse().ok().map(|b| (0, b)),
            },
        };
        let Some(parsed) = parsed else {
            return Err(self.error("expected `odd`, `even` or a formula such as `2n+1`"));
        };
        self.at = end;
        Ok(parsed)
    }
}

fn is_name_start(c: char) -> bool {
    is_name_char(c) && !c.is_ascii_digit() || c == '\\'
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str) -> usize {
        parse(text).expect_err(text).at
    }

    #[test]
    fn errors_are_at_their_place() {
        assert_eq!(fails(""), 0);
        assert_eq!(fails("div,"), 4);
        assert_eq!(fails("div > "), 6);
        assert_eq!(fails("a[href"), 6);
        assert_eq!(fails("a[href%='x']"), 6);
        assert_eq!(fails("a[href='x]"), 7);
        assert_eq!(fails("div:hover"), 3);
        assert_eq!(fails("p::before"), 2);
        assert_eq!(fails("文:nth-child(x)"), 14);
        assert_eq!(fails("#1a"), 1);
        assert_eq!(fails("a)"), 1);
        assert_eq!(fails("a:not(b"), 7);
    }

    #[test]
    fn what_selectors_know_parses() {
        for text in [
            "*",
            "div#a.b[c][d=e][f ~= \"g\" i]",
            "a > b + c ~ d  e",
            ":is(a, b):not(.c, #d):has(> img, + p)",
            "li:nth-child( 2n + 1 ):only-child",
            ".\\31 0x",
            "[data-x|='y' s]",
            "amp-ad",
            ":where(.广告)",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }
}
