//! A store that remembers small Parquet files: they never change, and questions read the same ones again
//! and again.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use object_store::path::Path;
use object_store::{
    Attributes, CopyOptions, GetOptions, GetRange, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload,
    PutResult, Result,
};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// The largest file that is remembered, in bytes.
const LARGEST: u64 = 1 << 20;
/// What all remembered files may take together, in bytes.
const ALL: u64 = 64 << 20;

/// A store that reads small Parquet files once.
pub(crate) struct Remembering {
    store: Arc<dyn ObjectStore>,
    files: Cache<Path, File, Weight>,
}

#[derive(Clone)]
enum File {
    Small(ObjectMeta, Bytes),
    /// Not remembered, but that.
    Large,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Path, File> for Weight {
    fn weight(&self, path: &Path, file: &File) -> u64 {
        let bytes = if let File::Small(_, bytes) = file { bytes.len() } else { 0 };
        (bytes + 2 * path.as_ref().len() + size_of::<File>()) as u64
    }
}

impl Remembering {
    pub(crate) fn new(store: Arc<dyn ObjectStore>) -> Remembering {
        Remembering { store, files: Cache::with_weighter(1024, ALL, Weight) }
    }

    /// Reads the beginning of a file, which is all of a small one.
    async fn look(&self, path: &Path) -> Result<File> {
        let range = Some(GetRange::Bounded(0..LARGEST));
        let found =
            self.store.get_opts(path, GetOptions { range, ..GetOptions::default() }).await?;
        let meta = found.meta.clone();
        if meta.size > LARGEST {
            return Ok(File::Large);
        }
        Ok(File::Small(meta, found.bytes().await?))
    }
}

/// Whether a file never changes: those that Delta's log names, and not the log.
fn is_immutable(path: &Path) -> bool {
    path.extension() == Some("parquet") && path.parts().all(|part| part.as_ref() != "_delta_log")
}

/// Whether only bytes are asked for, whatever they are now.
fn is_plain(options: &GetOptions) -> bool {
    let GetOptions { if_match, if_none_match, version, head, .. } = options;
    let times = options.if_modified_since.is_none() && options.if_unmodified_since.is_none();
    if_match.is_none() && if_none_match.is_none() && version.is_none() && !head && times
}

fn served(meta: ObjectMeta, bytes: &Bytes, asked: Option<&GetRange>) -> Result<GetResult> {
    let range = asked.map_or(Ok(0..meta.size), |asked| asked.as_range(meta.size));
    let range: Range<u64> = range.map_err(|error| object_store::Error::Generic {
        store: "remembered",
        source: Box::new(error),
    })?;
    let part = bytes.slice(range.start as usize..range.end as usize);
    let payload = GetResultPayload::Stream(stream::once(async { Ok(part) }).boxed());
    Ok(GetResult { payload, meta, range, attributes: Attributes::default() })
}

#[async_trait::async_trait]
impl ObjectStore for Remembering {
    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        if !is_immutable(path) || !is_plain(&options) {
            return self.store.get_opts(path, options).await;
        }
        match self.files.get_or_insert_async(path, self.look(path)).await? {
            File::Small(meta, bytes) => served(meta, &bytes, options.range.as_ref()),
            File::Large => self.store.get_opts(path, options).await,
        }
    }

    async fn put_opts(
        &self,
        path: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        self.store.put_opts(path, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        path: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.store.put_multipart_opts(path, options).await
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.store.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.store.list(prefix)
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        self.store.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.store.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.store.copy_opts(from, to, options).await
    }
}

impl fmt::Display for Remembering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.fmt(f)
    }
}

impl fmt::Debug for Remembering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Remembering").field(&self.store).finish()
    }
}

#[cfg(test)]
mod tests {
    use object_store::ObjectStoreExt;
    use object_store::memory::InMemory;

    use super::*;

    /// Bytes that differ wherever one looks.
    fn content(size: u64, first: u8) -> Vec<u8> {
        (0..size).map(|at| (at % 251) as u8 ^ first).collect()
    }

    async fn read(
        store: &dyn ObjectStore,
        path: &Path,
        range: Option<GetRange>,
    ) -> Option<Vec<u8>> {
        let options = GetOptions { range, ..GetOptions::default() };
        let found = store.get_opts(path, options).await.ok()?;
        Some(found.bytes().await.unwrap().to_vec())
    }

    #[tokio::test]
    async fn small_parquet_files_are_read_once_and_others_each_time() {
        for (name, size, is_remembered) in [
            ("event/a.parquet", 1, true),
            ("event/b.parquet", LARGEST, true),
            ("event/c.parquet", LARGEST + 1, false),
            ("event/d.json", 10, false),
            ("event/_delta_log/00000000000000000010.checkpoint.parquet", 10, false),
        ] {
            let (inner, path) = (Arc::new(InMemory::new()), Path::from(name));
            let store = Remembering::new(inner.clone());
            assert_eq!(read(&store, &path, None).await, None, "{name} is not there yet");
            let [before, after] = [0, 7].map(|first| content(size, first));
            inner.put(&path, before.clone().into()).await.unwrap();
            assert_eq!(read(&store, &path, None).await.as_ref(), Some(&before), "{name}");
            inner.put(&path, after.clone().into()).await.unwrap();
            let seen = read(&store, &path, None).await.unwrap();
            assert_eq!(seen == before, is_remembered, "{name}");
            // Whoever asks on a condition is answered by the store.
            assert_eq!(store.head(&path).await.unwrap().size, size);
        }
    }

    #[tokio::test]
    async fn ranges_are_those_of_the_file() {
        let (inner, path) = (Arc::new(InMemory::new()), Path::from("x.parquet"));
        inner.put(&path, content(1000, 0).into()).await.unwrap();
        let store = Remembering::new(inner.clone());
        for range in [
            GetRange::Bounded(0..1000),
            GetRange::Bounded(990..5000),
            GetRange::Bounded(2000..3000),
            GetRange::Offset(10),
            GetRange::Offset(2000),
            GetRange::Suffix(8),
            GetRange::Suffix(5000),
        ] {
            let expected = read(inner.as_ref(), &path, Some(range.clone())).await;
            assert_eq!(read(&store, &path, Some(range.clone())).await, expected, "{range:?}");
        }
        let several = [3..5, 900..1000, 0..1];
        let expected = inner.get_ranges(&path, &several).await.unwrap();
        assert_eq!(store.get_ranges(&path, &several).await.unwrap(), expected);
    }
}
