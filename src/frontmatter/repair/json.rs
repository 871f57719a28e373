use jsonc_parser::errors::ParseErrorKind;

use crate::finding::Safety;
use crate::frontmatter::{Block, Problem, ProblemKind, json};
use crate::source::{Edit, Span};

/// What is wrong with a JSON block that does not parse. `unclosed` says that its missing brace is
/// reported already.
pub(super) fn explain(text: &str, block: &Block, unclosed: bool) -> Vec<Problem> {
    let Err(failure) = json::parse(text, block.content) else {
        return Vec::new();
    };
    let span = failure.span;
    let problem = |words: &str| Problem::new(ProblemKind::Other, span, words);
    let problem = match failure.error.kind() {
        ParseErrorKind::TrailingCommasNotAllowed => problem(
            "a comma follows the last member, which JSON does not allow",
        )
        .fix(Safety::Safe, "Delete the comma", comma(text, span)),
        ParseErrorKind::CommentsNotAllowed => problem("JSON has no comments"),
        ParseErrorKind::ExpectedComma => problem("a comma is missing before this"),
        ParseErrorKind::ExpectedColonAfterObjectKey => problem("a colon is missing after this key"),
        ParseErrorKind::ExpectedObjectValue => problem("a value is missing after the colon"),
        ParseErrorKind::ExpectedStringObjectProperty => problem("keys need double quotes in JSON"),
        ParseErrorKind::SingleQuotedStringsNotAllowed => {
            problem("JSON wants double quotes, not single ones")
        }
        ParseErrorKind::UnexpectedWord | ParseErrorKind::UnexpectedToken => {
            problem("text needs double quotes in JSON")
        }
        ParseErrorKind::UnterminatedArray | ParseErrorKind::UnterminatedObject if unclosed => {
            return Vec::new();
        }
        ParseErrorKind::UnterminatedArray => Problem::new(
            ProblemKind::UnclosedBracket,
            span,
            "this `[` is never closed",
        ),
        ParseErrorKind::UnterminatedObject => Problem::new(
            ProblemKind::UnclosedBracket,
            span,
            "this `{` is never closed",
        ),
        ParseErrorKind::String(_) => {
            problem("this text has no closing quote, or an escape that JSON does not know")
        }
        ParseErrorKind::NestingDepthExceeded => {
            problem("lists and objects are nested deeper than can be read")
        }
        ParseErrorKind::HexadecimalNumbersNotAllowed
        | ParseErrorKind::UnaryPlusNumbersNotAllowed
        | ParseErrorKind::BareDecimalPointNumbersNotAllowed
        | ParseErrorKind::NonFiniteNumbersNotAllowed
        | ParseErrorKind::ExpectedDigit
        | ParseErrorKind::ExpectedDigitFollowingNegativeSign
        | ParseErrorKind::ExpectedPlusMinusOrDigitInNumberLiteral => {
            problem("this number is not written as JSON wants it")
        }
        _ => problem("JSON cannot be read here"),
    };
    vec![problem]
}

/// The comma at or before the start of `span`.
fn comma(text: &str, span: Span) -> Vec<Edit> {
    let at = match text
        .get(span.start..)
        .is_some_and(|rest| rest.starts_with(','))
    {
        true => Some(span.start),
        false => text.get(..span.start).and_then(|before| before.rfind(',')),
    };
    at.map(|at| Edit::delete(Span::new(at, at + 1)))
        .into_iter()
        .collect()
}
