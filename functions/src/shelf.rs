//! Keeps the lake open between calls, for a warm function need only look for what is new.

use rolecall_lake::{Access, Lake, LakeError, Location};
use tokio::sync::Mutex;

/// Where the lake lies, and the lake itself once it was opened.
#[derive(Debug)]
pub(crate) struct Shelf {
    place: String,
    lake: Mutex<Option<Lake>>,
}

impl Shelf {
    pub(crate) fn at(place: &str) -> Shelf {
        Shelf { place: place.to_owned(), lake: Mutex::new(None) }
    }

    /// The lake as it is now. Whoever fails with it does not put it back, and it is opened anew.
    pub(crate) async fn take(&self) -> Result<Lake, LakeError> {
        match self.lake.lock().await.take() {
            Some(mut lake) => {
                lake.refresh().await?;
                Ok(lake)
            }
            None => Lake::open(Location::find(&self.place).await?, Access::Create).await,
        }
    }

    pub(crate) async fn put_back(&self, lake: Lake) {
        *self.lake.lock().await = Some(lake);
    }
}
