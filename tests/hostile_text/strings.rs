//! Texts that a bank, or who speaks in its place, might send to harm whoever reads them.

use std::collections::BTreeSet;

/// What follows an escape character, or one of the eight-bit forms of it.
const SEQUENCES: [&str; 58] = [
    "[31m",
    "[0m",
    "[38;5;1m",
    "[38;2;255;0;0m",
    "[7m",
    "[8m",
    "[2J",
    "[3J",
    "[H",
    "[10;10H",
    "[1A",
    "[999B",
    "[K",
    "[1K",
    "[L",
    "[M",
    "[P",
    "[@",
    "[S",
    "[T",
    "[r",
    "[s",
    "[u",
    "[c",
    "[>c",
    "[5n",
    "[6n",
    "[?25l",
    "[?25h",
    "[?1049h",
    "[?1049l",
    "[?1000h",
    "[?1003h",
    "[?1006h",
    "[?2004h",
    "[?2026h",
    "[200~",
    "[201~",
    "[20t",
    "[21t",
    "[8;1;1t",
    "[!p",
    "[>1u",
    "[?u",
    "c",
    "7",
    "8",
    "D",
    "M",
    "(0",
    "#8",
    "N",
    "Z",
    "=",
    ">",
    "\\",
    "%@",
    " F",
];

/// Strings for the terminal: what opens them, with a body.
const STRINGS: [&str; 17] = [
    "]0;title",
    "]2;title",
    "]4;1;?",
    "]7;file://host/",
    "]8;;http://evil.example",
    "]9;note",
    "]10;?",
    "]11;?",
    "]50;font",
    "]52;c;aGFybQ==",
    "]52;c;?",
    "]133;A",
    "]777;notify;a;b",
    "]1337;File=inline=1:AAAA",
    "P$qm",
    "_Gi=1,a=q;AAAA",
    "^private",
];

/// Characters that steer, hide, join or turn.
const HIDDEN: [char; 62] = [
    '\u{ad}',
    '\u{34f}',
    '\u{600}',
    '\u{61c}',
    '\u{6dd}',
    '\u{70f}',
    '\u{8e2}',
    '\u{115f}',
    '\u{1160}',
    '\u{1161}',
    '\u{11a8}',
    '\u{17b4}',
    '\u{17b5}',
    '\u{180b}',
    '\u{180e}',
    '\u{180f}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{2028}',
    '\u{2029}',
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2060}',
    '\u{2061}',
    '\u{2064}',
    '\u{2065}',
    '\u{2066}',
    '\u{2067}',
    '\u{2068}',
    '\u{2069}',
    '\u{206a}',
    '\u{206f}',
    '\u{2800}',
    '\u{3164}',
    '\u{fe00}',
    '\u{fe0e}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{ffa0}',
    '\u{fff0}',
    '\u{fff9}',
    '\u{fffa}',
    '\u{fffb}',
    '\u{ffff}',
    '\u{fdd0}',
    '\u{e000}',
    '\u{f8ff}',
    '\u{110bd}',
    '\u{1bca0}',
    '\u{1d173}',
    '\u{e0001}',
    '\u{e0041}',
    '\u{e007f}',
    '\u{e0100}',
    '\u{f0000}',
    '\u{10ffff}',
];

/// What reads well or badly by itself.
const WHOLE: [&str; 44] = [
    "",
    " ",
    "\u{a0}\u{2003}\u{3000}",
    "two\nlines",
    "two\r\nlines",
    "over\rwritten",
    "back\u{8}\u{8}\u{8}\u{8}space",
    "tab\ttab\tvertical\u{b}form\u{c}",
    "\u{1b}",
    "ends in an escape\u{1b}",
    "\u{1b}\u{1b}[[31m",
    "\u{1b}[31",
    "\u{1b}]0;never ended",
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1",
    "＝1+1",
    "a;=1+1",
    "\",=1",
    "'=1",
    "１２３．００ ＥＵＲ",
    "١٢٣٫٠٠",
    "4118.00\u{202e}00.1",
    "NL14ВUNQ2025404017",
    "раураl",
    "محمد بن سلمان",
    "שלום 123 עולם",
    "السلام عليكم لا إله",
    "नरेन्द्र क्षत्रिय",
    "ශ්\u{200d}රී ලංකා",
    "می\u{200c}شود",
    "👨\u{200d}👩\u{200d}👧\u{200d}👦",
    "👍🏽👍🏿",
    "❤\u{fe0f}❤",
    "🏳\u{fe0f}\u{200d}🌈",
    "\u{200d}👩\u{200d}",
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "🇳🇱🇳",
    "1\u{fe0f}\u{20e3}",
    "</script><b>&amp;\"'`$(id)`",
    "%s%n%x{}{0}\\u001b\\x1b",
];

/// Every text once.
pub(crate) fn texts() -> Vec<String> {
    let mut all = BTreeSet::new();
    for control in ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}') {
        all.insert(format!("a{control}b"));
    }
    for sequence in SEQUENCES {
        all.insert(format!("x\u{1b}{sequence}y"));
        if let Some(body) = sequence.strip_prefix('[') {
            all.insert(format!("x\u{9b}{body}y"));
        }
    }
    for string in STRINGS {
        for end in ["\u{7}", "\u{1b}\\", "\u{9c}", ""] {
            all.insert(format!("x\u{1b}{string}{end}y"));
        }
        let eight = match string.chars().next() {
            Some(']') => '\u{9d}',
            Some('P') => '\u{90}',
            Some('_') => '\u{9f}',
            _ => '\u{9e}',
        };
        all.insert(format!("x{eight}{}\u{9c}y", &string[1..]));
    }
    for hidden in HIDDEN {
        all.insert(format!("pay{hidden}pal"));
    }
    all.insert(String::from_iter(HIDDEN));
    all.extend(WHOLE.map(str::to_owned));
    all.insert(format!("z{}algo", "\u{335}\u{489}\u{20dd}".repeat(60)));
    all.insert("\u{301}\u{20dd}without a base".to_owned());
    all.insert("wide ".to_owned() + &"漢字".repeat(80));
    all.insert("mixed a漢".repeat(30));
    all.insert("x".repeat(9_050));
    all.insert("\u{1b}[31m".repeat(300));
    all.insert("ᄀ".repeat(50) + "ᅡᆨ");
    all.into_iter().collect()
}
