//! OAuth: where a user authorizes, and the exchange of the code (RFC 6749 section 4.1, as bunq does
//! it: all parameters in the query, no PKCE, no refresh token, no expiry).

use url::Url;

use super::client::Client;
use super::error::{Error, ErrorKind};
use super::model::{Fields, Parsed};
use crate::base::{Endpoints, Secret};

/// What a code is exchanged with.
#[derive(Clone, Copy, Debug)]
pub struct CodeGrant<'a> {
    /// Our client, as RFC 6749 names it: a text.
    pub client_id: &'a str,
    /// Its secret.
    pub client_secret: &'a Secret,
    /// The address that the user was sent back to, to the character.
    pub redirect_uri: &'a str,
    /// The code that came with it.
    pub code: &'a Secret,
    /// The state that we sent; the bank may repeat it.
    pub state: &'a str,
}

/// The page on which a user authorizes us.
#[must_use]
pub fn authorize_url(
    endpoints: &Endpoints,
    client_id: &str,
    redirect_uri: &str,
    state: &str,
) -> Url {
    let mut url = endpoints.authorize.clone();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client_id)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("state", state);
    url
}

impl Client {
    /// Exchanges a code for an access token. A code works once, so an answer that gets lost cannot
    /// be asked for again.
    ///
    /// # Errors
    /// Any of [`Error`]; [`ErrorKind::Oauth`] when the bank refuses.
    pub async fn exchange(&self, grant: CodeGrant<'_>) -> Result<Secret, Error> {
        let mut url = self.endpoints().token.clone();
        url.query_pairs_mut()
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", grant.code.expose())
            .append_pair("redirect_uri", grant.redirect_uri)
            .append_pair("client_id", grant.client_id)
            .append_pair("client_secret", grant.client_secret.expose());
        let reply = self.post_token(url).await?;
        let answer = Parsed::from_slice(&reply.body)
            .map_err(|_| Error::new(ErrorKind::not_json(&reply.body)))?;
        read(answer.fields(), grant.state)
    }
}

fn read(answer: Fields<'_>, state: &str) -> Result<Secret, Error> {
    if answer.plain("state").is_some_and(|echoed| echoed != state) {
        return Err(Error::shape("the state that was sent"));
    }
    let kind = answer.plain("token_type");
    if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(Error::shape("a bearer token"));
    }
    answer.need_secret("access_token")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Environment;

    #[test]
    fn the_page_has_all_it_needs() {
        let endpoints = Environment::Sandbox.endpoints().unwrap();
        let url = authorize_url(&endpoints, "abc", "http://localhost:8000/callback", "s-_1");
        assert_eq!(
            url.as_str(),
            "https://oauth.sandbox.bunq.com/auth?response_type=code&client_id=abc\
             &redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fcallback&state=s-_1"
        );
    }

    fn token(json: &str) -> Result<Secret, Error> {
        let answer = Parsed::from_slice(json.as_bytes()).unwrap();
        read(answer.fields(), "mine")
    }

    #[test]
    fn state_may_be_absent_but_not_another() {
        assert!(token(r#"{"access_token":"a1"}"#).is_ok());
        assert!(token(r#"{"access_token":"a1","token_type":"Bearer","state":"mine"}"#).is_ok());
        for bad in [
            r#"{"access_token":"a1","state":"yours"}"#,
            r#"{"access_token":"a1","token_type":"mac"}"#,
            r#"{"access_token":""}"#,
            r#"{"access_token":"a\nb"}"#,
            r#"{"token_type":"bearer"}"#,
        ] {
            assert!(token(bad).is_err(), "{bad}");
        }
    }
}
