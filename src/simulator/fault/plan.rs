//! Which call goes wrong.

use super::kind::FaultKind;

/// A fault for calls to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// How the call begins: path below `/v1/` (or `auth`, `token`), either as it is
    /// (`session-server`) or with `{}` for every id (`user/{}/monetary-account`), and before it,
    /// unless every method is meant, the method and a space (`POST session-server`). A `$` at the
    /// end says that the call ends there too. Empty is every call.
    pub endpoint: String,
    /// Only the call with this number among those that match, counted from 1; `None` is every one.
    pub nth: Option<u32>,
    /// What goes wrong.
    pub kind: FaultKind,
}

impl Fault {
    fn matches(&self, method: &str, path: &str, shape: Option<&str>) -> bool {
        let wanted = match self.endpoint.split_once(' ') {
            Some((wanted, path)) if wanted == method => path,
            Some(_) => return false,
            // The beginning of a method alone, such as `GET`.
            None if !self.endpoint.is_empty() && method.starts_with(&self.endpoint) => return true,
            None => self.endpoint.as_str(),
        };
        let fits = |call: &str| match wanted.strip_suffix('$') {
            Some(whole) => call == whole,
            None => call.starts_with(wanted),
        };
        fits(path) || shape.is_some_and(fits)
    }

    /// Whether connections are closed before anything is read from them.
    fn refuses_connections(&self) -> bool {
        self.endpoint.is_empty() && self.nth.is_none() && self.kind == FaultKind::Refuse
    }
}

/// The faults that are set, each with the calls it has seen.
#[derive(Debug, Default)]
pub(in super::super) struct Faults(Vec<(Fault, u32)>);

impl Faults {
    pub(in super::super) fn add(&mut self, fault: Fault) {
        self.0.push((fault, 0));
    }

    pub(in super::super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The faults and how many calls each has seen.
    pub(in super::super) fn list(&self) -> &[(Fault, u32)] {
        &self.0
    }

    /// Whether this connection is to be closed before anything is read from it; counted.
    pub(in super::super) fn refuse_connection(&mut self) -> bool {
        let mut faults = self.0.iter_mut();
        let refusing = faults.find(|(fault, _)| fault.refuses_connections());
        refusing
            .map(|(_, seen)| *seen = seen.saturating_add(1))
            .is_some()
    }

    /// Counts this call; the first fault that is due for it.
    pub(in super::super) fn due(
        &mut self,
        method: &str,
        path: &str,
        shape: Option<&str>,
    ) -> Option<FaultKind> {
        let mut due = None;
        for (fault, seen) in &mut self.0 {
            if fault.matches(method, path, shape) {
                *seen = seen.saturating_add(1);
                if due.is_none() && fault.nth.is_none_or(|nth| nth == *seen) {
                    due = Some(fault.kind.clone());
                }
            }
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(endpoint: &str, nth: Option<u32>) -> Fault {
        Fault {
            endpoint: endpoint.to_owned(),
            nth,
            kind: FaultKind::Drop,
        }
    }

    #[test]
    fn only_the_nth_matching_call_fails() {
        let mut faults = Faults::default();
        faults.add(fault("GET user/{}/monetary-account", Some(2)));
        let shape = Some("user/{}/monetary-account");
        let path = "user/7/monetary-account";
        assert_eq!(faults.due("GET", path, shape), None);
        assert_eq!(faults.due("GET", "user/7", Some("user/{}")), None);
        assert_eq!(faults.due("GET", path, shape), Some(FaultKind::Drop));
        assert_eq!(faults.due("GET", path, shape), None);
        assert_eq!(faults.list()[0].1, 3);
    }

    #[test]
    fn endpoints_are_beginnings_with_and_without_method_and_end() {
        let shape = Some("user/{}/monetary-account");
        let path = "user/7/monetary-account";
        for (endpoint, matches) in [
            ("", true),
            ("GET", true),
            ("POST", false),
            ("user", true),
            ("GET user", true),
            ("POST user", false),
            ("GET user/7/monetary-account$", true),
            ("user/{}/monetary-account$", true),
            ("GET user/{}$", false),
            ("$", false),
            ("token", false),
        ] {
            let fault = fault(endpoint, None);
            assert_eq!(fault.matches("GET", path, shape), matches, "{endpoint}");
        }
    }
}
