//! The effects that concern an account's payments.

use super::data::stored;
use super::effects::Shared;
use crate::tui::app::{Effect, Msg};
use crate::tui::screen::payments;
use crate::workspace::Workspace;

impl Shared {
    /// Runs one; none where it is about something else.
    pub(super) async fn payments(&self, effect: Effect) -> Option<Msg> {
        let msg = match effect {
            Effect::ListPayments {
                generation,
                user,
                account,
                query,
            } => {
                let list =
                    move |workspace: &Workspace| workspace.list_payments(user, account, &query);
                let result = stored(self.workspace(), list).await;
                payments::Msg::Listed { generation, result }
            }
            Effect::ReadPayments {
                generation,
                user,
                account,
                end,
            } => {
                let result = match self.workspace() {
                    Ok(workspace) => workspace.update_payments(user, account, end).await,
                    Err(problem) => Err(problem),
                };
                payments::Msg::Read { generation, result }
            }
            Effect::RecallPayment {
                generation,
                user,
                account,
                payment,
            } => {
                let recall =
                    move |workspace: &Workspace| workspace.stored_payment(user, account, payment);
                let result = stored(self.workspace(), recall).await;
                let result = result.map(|found| found.map(Box::new));
                payments::Msg::Recalled { generation, result }
            }
            Effect::ReckonPayments {
                generation,
                user,
                account,
                zone,
            } => {
                let reckon =
                    move |workspace: &Workspace| workspace.payment_statistics(user, account, &zone);
                let result = stored(self.workspace(), reckon).await;
                let result = result.map(|found| found.map(Box::new));
                payments::Msg::Reckoned { generation, result }
            }
            _ => return None,
        };
        Some(Msg::Payments(msg))
    }
}
