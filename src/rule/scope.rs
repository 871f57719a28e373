use globset::GlobSet;

/// The pages a rule is limited to.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    hosts: Vec<String>,
    paths: Option<GlobSet>,
}

impl Scope {
    /// The pages whose source URL has one of `hosts` and whose path one of `paths` (globs over the
    /// whole path or over its end) matches; an empty list admits all.
    ///
    /// # Errors
    /// The glob that is not one, and why.
    pub fn new(hosts: &[String], paths: &[String]) -> Result<Self, globset::Error> {
        Ok(Self {
            hosts: hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
            paths: match paths {
                [] => None,
                globs => Some(globs_over_paths(globs)?),
            },
        })
    }

    /// Whether the file at `path` is in scope.
    pub fn admits_path(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|globs| globs.is_match(path))
    }

    /// Whether a source URL has to be known.
    pub fn names_hosts(&self) -> bool {
        !self.hosts.is_empty()
    }

    /// Whether `host`, the host of the document's source URL, is in scope.
    pub fn admits_host(&self, host: Option<&str>) -> bool {
        self.hosts.is_empty()
            || host.is_some_and(|host| {
                self.hosts.iter().any(|wanted| {
                    host.strip_suffix(wanted.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                })
            })
    }
}

/// Compiles globs as they are written in packs, presets and the configuration: `*` stays within one
/// part of a path, `**` crosses parts, and a glob that does not start with `/` or `**` may match at
/// any folder (`_posts/**` finds `blog/_posts/a.md`).
///
/// # Errors
/// The glob that is not one, and why.
pub fn globs_over_paths(globs: &[String]) -> Result<GlobSet, globset::Error> {
    let mut set = globset::GlobSetBuilder::new();
    for glob in globs {
        let rooted = glob.strip_prefix('/');
        let build = |text: &str| {
            globset::GlobBuilder::new(text)
                .literal_separator(true)
                .build()
        };
        set.add(build(rooted.unwrap_or(glob))?);
        if rooted.is_none() && !glob.starts_with("**") {
            set.add(build(&format!("**/{glob}"))?);
        }
    }
    set.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_stands_for_its_subdomains_and_no_other() {
        let scope = Scope::new(&["Example.com".into()], &[]).unwrap();
        assert!(scope.admits_host(Some("example.com")));
        assert!(scope.admits_host(Some("news.example.com")));
        assert!(!scope.admits_host(Some("badexample.com")));
        assert!(!scope.admits_host(None));
        assert!(Scope::default().admits_host(None));
    }

    #[test]
    fn globs_match_at_any_folder_unless_rooted() {
        let scope = Scope::new(&[], &["_posts/**".into(), "/docs/*.md".into()]).unwrap();
        assert!(scope.admits_path("_posts/2024/a.md"));
        assert!(scope.admits_path("blog/_posts/a.md"));
        assert!(scope.admits_path("docs/a.md"));
        assert!(!scope.admits_path("docs/more/a.md"));
        assert!(!scope.admits_path("old/docs/a.md"));
    }
}
