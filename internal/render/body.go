package render

import (
	"bytes"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// maxView bounds what is read of a body to be shown.
const maxView = 32 << 20

// A bodyView is a body made readable.
type bodyView struct {
	// note says what was done to the body before it is shown, or "".
	note string
	// text is safe lines without a line break at the end.
	text string
	// left is how many bytes are not shown.
	left int64
}

// viewBody makes body readable by what it is, which its content type only hints at.
func viewBody(h hook.Header, body []byte) bodyView {
	plain, note := inflated(h, body)
	view := layOut(h, plain)
	if note != "" && view.note != "" {
		note += "; "
	}
	view.note = note + view.note
	return view
}

// layOut tries JSON first: senders and curl label it as much else.
func layOut(h hook.Header, body []byte) bodyView {
	media := strings.ToLower(mediaType(h))
	if isJSONType(media) || beginsLikeJSON(body) {
		if text, used, ok := indentJSON(body, maxText); ok {
			// A single token may be longer than all that is shown.
			cut := cutText(text, maxText)
			return bodyView{text: SafeLines(cut), left: int64(len(body) - used + len(text) - len(cut))}
		}
	}
	if media == "application/x-www-form-urlencoded" && textual(body) && len(body) <= maxText {
		return bodyView{text: strings.Join(formLines(string(body)), "\n")}
	}
	if strings.HasPrefix(media, "multipart/") {
		if lines, ok := partLines(h.Get("Content-Type"), body); ok {
			return bodyView{text: strings.Join(lines, "\n")}
		}
	}
	if textual(body) || isTextType(media) && bytes.IndexByte(body, 0) < 0 {
		return viewText(body)
	}
	shown := body[:min(len(body), maxDump)]
	return bodyView{text: strings.Join(hexLines(shown), "\n"), left: int64(len(body) - len(shown))}
}

func viewText(body []byte) bodyView {
	text := cutText(body, maxText)
	view := bodyView{left: int64(len(body) - len(text))}
	if strings.Contains(text, "\r\n") {
		view.note = "lines end in CRLF"
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	view.text = strings.TrimSuffix(SafeLines(text), "\n")
	return view
}

func beginsLikeJSON(body []byte) bool {
	start := bytes.TrimLeft(body, " \t\r\n")
	return bytes.HasPrefix(start, []byte("{")) || bytes.HasPrefix(start, []byte("["))
}

func isJSONType(media string) bool {
	switch media {
	case "application/json", "text/json", "application/x-ndjson", "application/jsonl", "application/x-jsonlines":
		return true
	}
	return strings.HasSuffix(media, "+json")
}

func isTextType(media string) bool {
	return strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "+xml") || media == "application/xml"
}
