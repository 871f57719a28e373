use super::delimiter::{self, Found};
use super::{Problem, Tree, repair};
use crate::source::Span;

/// The language of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// Between `---` and `---` or `...`.
    Yaml,
    /// Between `+++` and `+++`.
    Toml,
    /// A leading `{…}`, or one closed by `;;;` (Hexo).
    Json,
}

/// Where a block of front matter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its language.
    pub syntax: Syntax,
    /// The opening delimiter's line without its line end (empty for JSON).
    pub opener: Span,
    /// What is between the delimiters, its last line end included.
    pub content: Span,
    /// The closing delimiter's line without its line end (empty for JSON); `None` when it is
    /// missing.
    pub closer: Option<Span>,
    /// The first byte of the body.
    pub body_start: usize,
}

/// What stands at the head of a document.
#[derive(Debug)]
pub enum FrontMatter {
    /// No block.
    Absent,
    /// A block that is not closed or does not parse.
    Broken {
        /// Where it is.
        block: Block,
        /// What is wrong with it, in file order; never empty.
        problems: Vec<Problem>,
    },
    /// A block in a language that is not read (`---js`).
    Opaque {
        /// Where it is.
        block: Block,
    },
    /// A block that parses.
    Parsed {
        /// Where it is.
        block: Block,
        /// What it says.
        tree: Tree,
    },
}

impl FrontMatter {
    /// Where the block is.
    pub fn block(&self) -> Option<&Block> {
        match self {
            Self::Absent => None,
            Self::Broken { block, .. } | Self::Opaque { block } | Self::Parsed { block, .. } => {
                Some(block)
            }
        }
    }

    /// The tree, if the block parses.
    pub fn tree(&self) -> Option<&Tree> {
        match self {
            Self::Parsed { tree, .. } => Some(tree),
            _ => None,
        }
    }

    /// What keeps the block from being read; none for one that parses.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Broken { problems, .. } => problems,
            _ => &[],
        }
    }
}

/// Finds and parses the block at the head of `text`, a whole file (the byte order mark included).
pub fn read(text: &str) -> FrontMatter {
    let block = match delimiter::find(text) {
        Found::Absent => return FrontMatter::Absent,
        Found::Foreign(block) => return FrontMatter::Opaque { block },
        Found::Block(block) => block,
    };
    if block.closer.is_some()
        && let Ok(tree) = Tree::parse(text, &block)
    {
        return FrontMatter::Parsed { block, tree };
    }
    repair::explain(text, block)
}
