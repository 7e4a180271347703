package archive_test

import (
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/archive"
	"github.com/hookctl/hookctl/internal/hook"
)

func TestHTTPMessageIsWhatWasSent(t *testing.T) {
	const first = "POST /recharge?x=1 HTTP/1.1\r\nHost: localhost:4400\r\n"
	for name, tc := range map[string]struct {
		capture *hook.Capture
		options archive.Options
		want    string
	}{
		"names, order and repeats": {
			capture("a\x00\n", "x-Dup", "1", "content-length", "3", "X-dUp", "2", "X-Empty", ""), archive.Options{},
			first + "x-Dup: 1\r\ncontent-length: 3\r\nX-dUp: 2\r\nX-Empty: \r\n\r\na\x00\n",
		},
		"chunked": {
			capture("abc", "Trailer", "X-Sum", "Transfer-Encoding", "chunked", "X-A", "1"), archive.Options{},
			first + "Content-Length: 3\r\nX-A: 1\r\n\r\nabc",
		},
		"a length that is wrong": {
			capture("abc", "Content-Length", "99", "Content-Length", "1"), archive.Options{}, first + "Content-Length: 3\r\n\r\nabc",
		},
		"no length, over HTTP/2": {
			with(capture("abc"), func(c *hook.Capture) { c.Proto = "HTTP/2.0" }), archive.Options{}, first + "Content-Length: 3\r\n\r\nabc",
		},
		"HTTP/1.0, no body": {
			with(capture(""), func(c *hook.Capture) { c.Proto = "HTTP/1.0" }), archive.Options{}, "POST /recharge?x=1 HTTP/1.0\r\nHost: localhost:4400\r\n\r\n",
		},
		"masked":   {capture("", "X-Api-Key", "k"), archive.Options{}, first + "X-Api-Key: ********\r\n\r\n"},
		"revealed": {capture("", "X-Api-Key", "k"), archive.Options{Reveal: true}, first + "X-Api-Key: k\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			if err := archive.WriteHTTP(&got, tc.capture, tc.options); err != nil {
				t.Fatal(err)
			}
			if got.String() != tc.want {
				t.Errorf("got  %q\nwant %q", got.String(), tc.want)
			}
		})
	}
}
