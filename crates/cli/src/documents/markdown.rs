//! As much of Markdown as checking links and commands takes.

/// A line of a fenced block, or a code span in prose.
#[derive(Debug, PartialEq, Eq)]
pub struct Code<'a> {
    /// Number of the line, from 1.
    pub line: usize,
    pub text: &'a str,
    /// In a block of its own, rather than in a sentence.
    pub fenced: bool,
}

/// A link's target, as written.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    /// Number of the line, from 1.
    pub line: usize,
    pub target: String,
}

/// The code of a document.
pub fn code(text: &str) -> Vec<Code<'_>> {
    let mut found = Vec::new();
    for (line, text, fenced) in lines(text) {
        if fenced {
            found.push(Code { line, text, fenced });
        } else {
            let spans = text.split('`').skip(1).step_by(2);
            found.extend(spans.map(|text| Code { line, text, fenced }));
        }
    }
    found
}

/// The inline links of a document.
pub fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    for (line, text, fenced) in lines(text) {
        if fenced {
            continue;
        }
        // What stands in code is no link.
        let prose: Vec<&str> = text.split('`').step_by(2).collect();
        for part in prose.join("`").split("](").skip(1) {
            let target = part.split([')', ' ']).next().unwrap_or_default();
            found.push(Link {
                line,
                target: target.to_owned(),
            });
        }
    }
    found
}

/// The anchors that a hub of repositories gives the headings of a document.
pub fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for (_, text, fenced) in lines(text) {
        let heading = text.trim_start_matches('#');
        if fenced || heading.len() == text.len() || !heading.starts_with(' ') {
            continue;
        }
        let base = anchor(heading);
        let mut unique = base.clone();
        let mut count = 0;
        while anchors.contains(&unique) {
            count += 1;
            unique = format!("{base}-{count}");
        }
        anchors.push(unique);
    }
    anchors
}

/// The anchor of a heading that is alone in its document.
pub fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
        _ => None,
    });
    kept.collect()
}

/// Every line with its number, and whether it is inside a fence; the fences themselves are left out.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str, bool)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return None;
        }
        Some((index + 1, line, fenced))
    })
}

#[test]
fn code_links_and_headings_are_told_apart() {
    let text = "# A `b` c\n[x](y.md#z) `weir up` and `[no](link)`\n```sh\n# no heading\nweir demo\n```\n## A b c\n";
    let shown: Vec<_> = code(text)
        .iter()
        .map(|code| (code.line, code.text))
        .collect();
    let spans = [(1, "b"), (2, "weir up"), (2, "[no](link)")];
    assert_eq!(shown[..3], spans);
    assert_eq!(shown[3..], [(4, "# no heading"), (5, "weir demo")]);
    let target = "y.md#z".to_owned();
    assert_eq!(links(text), [Link { line: 2, target }]);
    assert_eq!(anchors(text), ["a-b-c", "a-b-c-1"]);
}
