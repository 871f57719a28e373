use serde::Deserialize;

/// The pages a rule is limited to; empty means all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Scope {
    /// Hosts of the document's source URL; a host stands for its subdomains too.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Globs over the file's path.
    #[serde(default)]
    pub paths: Vec<String>,
}

impl Scope {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_stands_for_its_subdomains_and_no_other() {
        let scope = Scope {
            hosts: vec!["example.com".into()],
            paths: vec![],
        };
        assert!(scope.admits_host(Some("example.com")));
        assert!(scope.admits_host(Some("news.example.com")));
        assert!(!scope.admits_host(Some("badexample.com")));
        assert!(!scope.admits_host(None));
        assert!(Scope::default().admits_host(None));
    }
}
