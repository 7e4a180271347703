package send_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/send"
)

// Answers on one connection are each read for what they are, however alike their heads.
func TestAnswersWithTheSameHead(t *testing.T) {
	const large = 3 << 20 // more than a head may have
	same := "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 2\r\n\r\n"
	chunks := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	big := "HTTP/1.1 200 OK\r\nContent-Length: 3145728\r\n\r\n"
	bare := "HTTP/1.1 200 OK\nContent-Length: 6\n\n"
	for name, test := range map[string]struct {
		answers []string
		bodies  []string // of those that come whole; the last fails where there is one less
	}{
		"other bodies":     {[]string{same + "ab", same + "cd", same + "ef"}, []string{"ab", "cd", "ef"}},
		"another between":  {[]string{same + "ab", ok, same + "cd", same + "ef"}, []string{"ab", "ok", "cd", "ef"}},
		"chunks":           {[]string{chunks + "1\r\na\r\n0\r\n\r\n", chunks + "2\r\nbc\r\n0\r\n\r\n"}, []string{"a", "bc"}},
		"nothing":          {[]string{"HTTP/1.1 204 None\r\n\r\n", "HTTP/1.1 204 None\r\n\r\n", same + "ab"}, []string{"", "", "ab"}},
		"a head that grew": {[]string{same + "ab", strings.Replace(same, "\r\n\r\n", "\r\nX-B: 2\r\n\r\n", 1) + "cd"}, []string{"ab", "cd"}},
		"half a body":      {[]string{same + "ab", same + "c"}, []string{"ab"}},
		"bare line feeds":  {[]string{bare + "A\r\n\r\nB", bare + "C\r\n\r\nD", same + "ab"}, []string{"A\r\n\r\nB", "C\r\n\r\nD", "ab"}},
		"large bodies": {
			[]string{big + strings.Repeat("a", large), big + strings.Repeat("b", large), same + "ab"},
			[]string{strings.Repeat("a", 256<<10), strings.Repeat("b", 256<<10), "ab"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			to := newTarget(t, func(to *target, conn net.Conn) {
				r := bufio.NewReader(conn)
				for _, answer := range test.answers {
					if !to.takes(r) {
						return
					}
					io.WriteString(conn, answer)
				}
			})
			client := newClient(t, send.Options{})
			for i := range test.answers {
				a := client.Attempt(context.Background(), request(t, to.url), nil)
				if i == len(test.bodies) {
					if a.Failure == "" {
						t.Errorf("answer %d: %q was taken for whole", i, a.ResponseBody)
					}
					break
				}
				if a.Failure != "" || string(a.ResponseBody) != test.bodies[i] {
					t.Fatalf("answer %d: %s %s, %d bytes, want %d", i, a.Failure, a.Reason, len(a.ResponseBody), len(test.bodies[i]))
				}
			}
		})
	}
}
