package render

import (
	"errors"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/inflate"
)

// inflated undoes the one content coding that h states, if it is gzip or
// deflate. The note says, in safe words, what was done or why nothing was; it is
// "" where no coding is stated. Where inflating fails, body is returned as it is.
func inflated(h hook.Header, body []byte) (plain []byte, note string) {
	coding := inflate.Coding(h)
	if coding == "" || len(body) == 0 {
		return body, ""
	}
	shown := fold(Safe(coding), maxMediaType)
	plain, err := inflate.Body(coding, body)
	switch {
	case errors.Is(err, inflate.ErrUnknown):
		return body, fmt.Sprintf("content-encoding %s, shown as it is", shown)
	case err != nil:
		return body, fmt.Sprintf("content-encoding %s, shown as it is: %s", shown, Safe(err.Error()))
	}
	return plain, fmt.Sprintf("content-encoding %s: %s, shown inflated to %s", shown, humanSize(int64(len(body))), humanSize(int64(len(plain))))
}

// inflatedHead is the first n bytes, or all, of body with its coding undone, where that can
// be; else body. No more is inflated than is shown.
func inflatedHead(h hook.Header, body []byte, n int) []byte {
	coding := inflate.Coding(h)
	if coding == "" || len(body) == 0 {
		return body
	}
	if head, err := inflate.Head(coding, body, n); err == nil {
		return head
	}
	return body
}
