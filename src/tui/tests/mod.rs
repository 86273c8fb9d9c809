//! The screens without a terminal: what update does, and what is drawn.

mod anew;
mod connect;
mod doctor;
mod everyone;
mod fixtures;
mod flow;
mod hostile;
mod lan;
mod locked;
mod locking;
mod payments;
mod payments_flow;
mod people;
mod profiles;
mod properties;
mod provider;
mod qr;
mod requests;
mod screens;
mod setup;
mod sizes;
mod states;
mod stored;
mod users;
mod waits;
