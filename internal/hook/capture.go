package hook

import (
	"net/url"
	"strings"
	"time"
)

// A Capture is one HTTP request that the listener received and stored, exactly
// as it was sent.
type Capture struct {
	// Seq is the place in the store's order, from 1. It is 0 until stored, and never used twice.
	Seq int64
	ID  ID
	// ReceivedAt is the wall clock when the head had arrived, in UTC to the microsecond.
	// It is for people: order is by Seq.
	ReceivedAt time.Time
	Method     string
	// Target is the request target as sent: "/recharge?x=1".
	Target string
	Proto  string
	// Remote is the sender's address and port.
	Remote string
	Header Header
	// HeadersExact says that Header has the sender's own case, order and repeats,
	// Host included. Where it is false names are canonical and the order is lost.
	HeadersExact bool
	// Trailer holds the fields that followed a chunked body, if any.
	Trailer Header

	BodySize   int64
	BodySHA256 [32]byte
	// Body is nil where a list left it out.
	Body Body

	// Identity says who sent it; nil where nobody looked or there was nothing to say.
	Identity *Identity
	// Validation says whether the body is what the catalog says; nil where it was not
	// held against anything.
	Validation *Validation

	// Reply is what the sender was answered; nil while it waits, and for ever
	// where the process ended first.
	Reply *Reply
}

// Path is the target's path as sent, neither decoded nor cleaned, without the query.
func (c *Capture) Path() string { return TargetPath(c.Target) }

// TargetPath returns the path of a request target: "/a%20b" of "/a%20b?x=1",
// "/p" of "http://host/p".
func TargetPath(target string) string {
	path, _, _ := strings.Cut(target, "?")
	if strings.HasPrefix(path, "/") {
		return path
	}
	if _, rest, absolute := strings.Cut(path, "://"); absolute {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			return rest[i:]
		}
		return "/"
	}
	return path
}

// TargetQuery returns the raw query of a request target, with its "?", or "".
func TargetQuery(target string) string {
	if i := strings.IndexByte(target, '?'); i >= 0 {
		return target[i:]
	}
	return ""
}

// JoinTarget returns the request target that sends a request for target to base:
// its path appended to that of base, both queries kept. "/" adds nothing to a
// base that has a path.
func JoinTarget(base *url.URL, target string) string {
	path := strings.TrimSuffix(base.EscapedPath(), "/")
	if own := TargetPath(target); strings.HasPrefix(own, "/") && (own != "/" || path == "") {
		path += own
	}
	if path == "" {
		path = "/"
	}
	query := TargetQuery(target)
	switch {
	case base.RawQuery == "":
		return path + query
	case query == "":
		return path + "?" + base.RawQuery
	}
	return path + "?" + base.RawQuery + "&" + query[1:]
}

// Who decided a reply.
const (
	FromListener = "listener" // hookctl itself: a fixed or scripted reply, or the target could not answer
	FromEndpoint = "endpoint" // the dev server, relayed
)

// Why a sender got no reply at all.
const (
	DroppedTimeout = "timeout" // held open, then closed
	DroppedReset   = "reset"   // connection reset
)

// A Reply is what the sender of a capture was answered.
type Reply struct {
	// Status is the HTTP status, 0 where the connection was dropped.
	Status int
	// From is FromListener or FromEndpoint.
	From string
	// Dropped is DroppedTimeout or DroppedReset where there was no answer, else "".
	Dropped string
	// Latency runs from the arrival of the head to the moment the reply was decided.
	// The commit to disk, which the reply then still waits for, is not in it.
	Latency time.Duration
}
