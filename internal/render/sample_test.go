package render_test

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

var morning = time.Date(2026, 11, 21, 8, 41, 7, 123456000, time.UTC)

// nasty holds one of everything that must not reach a terminal.
const nasty = "\x1b[31mred\x1b]0;title\x07\rover\u009b2Jc1\u202ebidi\u2066\u200bzero\ufeff\u2028\x7f\xff\xed\xa0\x80\U000e0041end"

// nastyText is the part of nasty that valid JSON and forms can hold as it is.
const nastyText = "c1\u009b2Jbidi\u202e\u2066zero\u200b\ufeffsep\u2028tag\U000e0041end"

func options(change ...func(*render.Options)) render.Options {
	o := render.Options{
		Location: time.FixedZone("CET", 3600),
		Now:      func() time.Time { return morning.Add(time.Hour) },
	}
	for _, c := range change {
		c(&o)
	}
	return o
}

func inColor(o *render.Options) { o.Color = true }

func inColumns(n int) func(*render.Options) {
	return func(o *render.Options) { o.Width = n }
}

// capture is a POST of body with the header lines given as name, value, ….
func capture(body string, lines ...string) *hook.Capture {
	return &hook.Capture{
		ID: "cap_01JD7Q3V9K4M2N8PXR7QK3M2ZA", Seq: 12, ReceivedAt: morning,
		Method: "POST", Target: "/recharge?x=1", Proto: "HTTP/1.1", Remote: "127.0.0.1:5321",
		Header: fields(append([]string{"Host", "localhost:4400"}, lines...)...), HeadersExact: true,
		Body: hook.Bytes(body), BodySize: int64(len(body)), BodySHA256: sha256.Sum256([]byte(body)),
		Reply: &hook.Reply{Status: 200, From: hook.FromEndpoint, Latency: 3200 * time.Microsecond},
	}
}

// identified is a capture with an identity.
func identified(id hook.Identity) *hook.Capture {
	return with(capture(""), func(c *hook.Capture) { c.Identity = &id })
}

// verification is one that ended so by the scheme v1.
func verification(outcome hook.Outcome) *hook.Verification {
	v := &hook.Verification{Outcome: outcome, Scheme: "v1"}
	switch outcome {
	case hook.Failed:
		v.Reason = "mismatch"
	case hook.NotChecked:
		v.Reason = "no_secret"
	}
	return v
}

// attempt is a relayed one that brought status and body.
func attempt(status int, body string, lines ...string) *hook.Attempt {
	return &hook.Attempt{
		Seq: 3, ID: "att_01JD7Q3V9K4M2N8PXR5TWYZ6AB", CaptureID: "cap_01JD7Q3V9K4M2N8PXR7QK3M2ZA", CaptureSeq: 12,
		StartedAt: morning, Trigger: hook.TriggerForward, Method: "POST", URL: "http://localhost:3000/recharge?x=1",
		Status: status, Latency: 3200 * time.Microsecond, ResponseProto: "HTTP/1.1",
		ResponseHeader: fields(lines...), ResponseBody: []byte(body), ResponseSize: int64(len(body)),
		Reply: &hook.Reply{Status: status, From: hook.FromEndpoint, Latency: 4 * time.Millisecond},
	}
}

func fields(lines ...string) hook.Header {
	h := hook.Header{}
	for i := 0; i < len(lines); i += 2 {
		h = append(h, hook.Field{Name: lines[i], Value: lines[i+1]})
	}
	return h
}

func with[T any](v *T, change func(*T)) *T {
	change(v)
	return v
}

// printed is what use writes.
func printed(t testing.TB, o render.Options, use func(*render.Printer)) string {
	t.Helper()
	var b bytes.Buffer
	p := render.New(&b, o)
	use(p)
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func shown(t testing.TB, c *hook.Capture, attempts ...*hook.Attempt) string {
	t.Helper()
	return printed(t, options(), func(p *render.Printer) {
		if err := p.ShowCapture(c, attempts, render.ShowOptions{}); err != nil {
			t.Fatal(err)
		}
	})
}

// bodyShown is what comes after the head of a capture with this body.
func bodyShown(t testing.TB, body string, lines ...string) string {
	t.Helper()
	_, after, _ := strings.Cut(shown(t, capture(body, lines...)), "\n\n")
	_, after, _ = strings.Cut(after, "\n\n")
	return after
}
