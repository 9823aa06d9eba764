//! Why a file is not taken: what is the case, and what to do.

use super::{ENTRIES_MAX, INFLATED_MAX, Kind, PIXELS_MAX, SIDE_MAX};

/// What keeps a file from being taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No bytes at all.
    Empty,
    /// None of the kinds that are taken.
    Unknown,
    /// An Office file of before 2007.
    OldOffice,
    /// The name says another kind than the bytes.
    Mislabelled {
        /// What it is.
        kind: Kind,
        /// What its name ends in.
        ending: String,
    },
    /// It breaks off.
    Truncated,
    /// It is not built as its kind is.
    Broken,
    /// It is two kinds of file at once.
    Polyglot,
    /// A PDF behind a password.
    PdfEncrypted,
    /// A PDF that does something when it is opened or clicked.
    PdfActive(&'static str),
    /// A PDF packed in a way that cannot be looked into.
    PdfOdd,
    /// An Office file behind a password.
    ArchiveEncrypted,
    /// More parts than an Office file has.
    TooManyParts,
    /// It unpacks to more than is looked at.
    Inflates,
    /// Its parts overlap, lie about their sizes, or lead outside.
    ArchiveForged,
    /// Archives within archives.
    Nested,
    /// Macros.
    Macro,
    /// A program inside.
    Program,
    /// It loads something from elsewhere when it is opened.
    External,
    /// XML that declares entities.
    Dtd,
    /// More pixels than are looked at.
    TooManyPixels {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The inspection crashed, took too long, or the file could not be read.
    Unfinished,
    /// A virus, by its name.
    Virus(String),
    /// The search for viruses is owed and cannot be made now.
    NotScanned,
}

impl Flaw {
    /// Whether the same file may be taken another time.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Unfinished | Self::NotScanned)
    }

    /// What is the case, and what to do.
    pub fn sentence(&self) -> String {
        let (case, remedy) = self.words();
        format!("{case}。{remedy}")
    }

    fn words(&self) -> (String, &'static str) {
        let (case, remedy) = match self {
            Self::Empty => ("这份文件是空的", "重新导出或扫描，再选一次"),
            Self::Unknown => (
                "内容不是 PDF、OFD、JPG、PNG、DOCX 或 XLSX",
                "另存为其中一种再上传，扫描件用 PDF 或 JPG",
            ),
            Self::OldOffice => (
                "这是旧版 Office 的文件格式",
                "用 Word、Excel 或 WPS 打开，另存为 DOCX、XLSX 或 PDF 再上传",
            ),
            Self::Mislabelled { kind, ending } => {
                return (
                    format!("文件名以 .{ending} 结尾，内容却是 {}", kind.term()),
                    "核对是否选错了文件；没有选错的，把文件名的结尾改对再上传",
                );
            }
            Self::Truncated => {
                ("文件不完整，可能没有下载完或没有扫描完", "重新导出或扫描，打开核对后再上传")
            }
            Self::Broken => ("文件已损坏，打不开", "用原来的软件打开，另存一份再上传"),
            Self::Polyglot => {
                ("文件里夹带了另一种格式的内容", "用原来的软件打开，重新导出一份干净的文件再上传")
            }
            Self::PdfEncrypted => (
                "这份 PDF 设了打开密码或权限密码，审核人员打不开",
                "在原软件里去掉密码，或打印为新的 PDF，再上传",
            ),
            Self::PdfActive(what) => {
                return (
                    format!("这份 PDF 里有{what}，打开时可能自动执行"),
                    "用“打印为 PDF”另存一份，只留页面内容，再上传；附带的文件单独上传",
                );
            }
            Self::PdfOdd => {
                ("这份 PDF 的压缩方式少见，无法检查里面的内容", "用“打印为 PDF”另存一份再上传")
            }
            Self::ArchiveEncrypted => {
                ("这份文件设了打开密码，审核人员打不开", "在原软件里去掉密码，另存后再上传")
            }
            Self::TooManyParts => {
                return (
                    format!("文件里的部件超过 {ENTRIES_MAX} 个"),
                    "另存为 PDF 再上传，或拆成几份",
                );
            }
            Self::Inflates => {
                return (
                    format!("文件展开后过大，超过 {} MB 或超出正常的压缩比", INFLATED_MAX >> 20),
                    "压缩其中的图片，或另存为 PDF 再上传",
                );
            }
            Self::ArchiveForged => (
                "文件内部的目录与内容对不上，可能已损坏或被改动",
                "用原来的软件打开，另存一份再上传",
            ),
            Self::Nested => {
                ("文件里嵌套了多层压缩的文件", "把嵌入的文件取出来单独上传，正文另存为 PDF")
            }
            Self::Macro => ("文件里有宏，打开时可能自动执行", "另存为不含宏的格式或 PDF 再上传"),
            Self::Program => {
                ("文件里夹带了程序或可执行的对象", "删去嵌入的对象，或另存为 PDF 再上传")
            }
            Self::External => (
                "文件打开时会从别处取内容，审核人员看到的可能与你看到的不同",
                "在原软件里断开外部链接，或另存为 PDF 再上传",
            ),
            Self::Dtd => {
                ("文件内部的 XML 带有自定义声明，不能采用", "用原来的软件打开，另存一份再上传")
            }
            Self::TooManyPixels { width, height } => {
                return (
                    format!(
                        "图片为 {width}×{height} 像素，边长上限 {SIDE_MAX}、总数上限 {} 万",
                        PIXELS_MAX / 10_000
                    ),
                    "降低扫描分辨率（300 dpi 足够）或分成几张再上传",
                );
            }
            Self::Unfinished => {
                ("这份文件没能检查完", "再上传一次；仍不行的，打印为新的 PDF 再上传")
            }
            Self::Virus(name) => {
                return (
                    format!("查毒软件在文件里发现“{name}”"),
                    "先在本机查毒，换一份干净的文件再上传",
                );
            }
            Self::NotScanned => {
                ("查毒服务此刻没有应答，文件还没有收下", "过几分钟再上传；持续如此的，联系平台运维")
            }
        };
        (case.to_owned(), remedy)
    }
}
