package send

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxResponseHead bounds what a target may send as headers.
	maxResponseHead = 1 << 20
	// bufferSize is that of the buffers through which requests and answers go.
	bufferSize = 16 << 10
	// largestBuffer is what is kept of them for further use.
	largestBuffer = 128 << 10
)

// errLongHead is the error of a head that does not end.
var errLongHead = fmt.Errorf("server response headers exceeded %d bytes; aborted", maxResponseHead)

// readHead reads the head of the answer to a request. Those that only announce another
// one (100 Continue, 103 Early Hints) are passed over.
func (c *conn) readHead(method string) (*http.Response, error) {
	c.allowed, c.failed = maxResponseHead, nil
	defer func() { c.allowed = math.MaxInt64 }()
	var to *http.Request
	if method == http.MethodHead {
		to = &http.Request{Method: method} // for its answer has no body, whatever it states
	}
	for {
		res, err := http.ReadResponse(c.r, to)
		if err != nil {
			return nil, c.cutShort(err)
		}
		if res.StatusCode < 100 || res.StatusCode > 199 || res.StatusCode == http.StatusSwitchingProtocols {
			return res, nil
		}
	}
}

// cutShort is the error behind err, with which a head could not be read: net/http takes
// a line that broke off for a malformed one.
func (c *conn) cutShort(err error) error {
	c.unheard = c.allowed == maxResponseHead
	if c.failed != nil && (c.failed != io.EOF || strings.HasPrefix(err.Error(), "malformed MIME header")) {
		return c.failed
	}
	return err
}

// kept is how much of an answer is kept for a request that says stated.
func kept(stated int) int {
	switch {
	case stated < 0:
		return 0
	case stated == 0:
		return maxKept
	}
	return min(stated, maxKept)
}

// receive reads a response's body to its end.
func (c *Client) receive(body io.Reader, to *keeper) error {
	buffer := c.takeBuffer()
	defer c.giveBuffer(buffer)
	_, err := io.CopyBuffer(to, body, (*buffer)[:cap(*buffer)])
	return err
}

// A keeper keeps the first part of what it is given and copies all of it to another
// writer. One that goes away does not stop the reading.
type keeper struct {
	attempt *hook.Attempt
	room    int
	to      io.Writer
}

func (k *keeper) Write(p []byte) (int, error) {
	a := k.attempt
	if n := min(k.room, len(p)); n > 0 {
		a.ResponseBody = append(a.ResponseBody, p[:n]...)
		k.room -= n
	}
	a.ResponseSize += int64(len(p))
	if k.to != nil {
		if _, err := k.to.Write(p); err != nil {
			k.to = nil
		}
	}
	return len(p), nil
}

func (c *Client) takeBuffer() *[]byte { return c.buffers.Get().(*[]byte) }

func (c *Client) giveBuffer(b *[]byte) {
	if cap(*b) <= largestBuffer {
		c.buffers.Put(b)
	}
}
