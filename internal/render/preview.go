package render

import (
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	previewLineCount = 5
	previewBytes     = 400
)

// previewLines are the first lines of the answer that a brought, safe to show.
// Of a binary answer there is one line that says so.
func previewLines(a *hook.Attempt) []string {
	if len(a.ResponseBody) == 0 {
		return nil
	}
	body := inflatedHead(a.ResponseHeader, a.ResponseBody, previewBytes+1)
	if !textual(body[:min(len(body), previewBytes)]) {
		return []string{"(" + humanSize(a.ResponseSize) + " of binary data)"}
	}
	text := cutText(body, previewBytes)
	more := len(text) < len(body) || a.Truncated()
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
	if len(lines) > previewLineCount {
		lines, more = lines[:previewLineCount], true
	}
	for i := range lines {
		lines[i] = Safe(strings.TrimRight(lines[i], " \t"))
	}
	if more {
		lines = append(lines, ellipsis)
	}
	return lines
}
