//! The screens without a terminal: what update does, and what is drawn.

mod anew;
mod connect;
mod copy;
mod doctor;
mod everyone;
mod export;
mod fixtures;
mod flow;
mod hostile;
mod json;
mod lan;
mod locked;
mod locking;
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
