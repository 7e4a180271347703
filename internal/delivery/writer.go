package delivery

import (
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/signature"
)

// A Writer writes messages as one provider sends them, each attempt anew. It is safe for
// concurrent use as far as its source of randomness is.
type Writer struct {
	rules  *Rules
	signer *signature.Signer
	random io.Reader
}

// NewWriter returns a Writer that signs with all keys at once. random is for ids and
// what else a provider makes up.
func NewWriter(r *Rules, keys []signature.Key, random io.Reader) *Writer {
	return &Writer{rules: r, signer: signature.NewSigner(r.profile, keys), random: random}
}

// A Moment is what an attempt has of its own.
type Moment struct {
	// At is the wall clock, First that of the first attempt.
	At, First time.Time
	// Try is the number of the attempt, from 1.
	Try int
	// Failure is that of the attempt before, one of the hook.Failure constants, "" for an
	// answer that was no acknowledgement.
	Failure string
}

// Write makes the request of one attempt: event and m to the URL to. The event's id is
// made where it has none and the provider sends one, and set in event, so that further
// attempts have the same.
//
// Errors are those of signing: a secret that is none, a place in the body that is not there.
func (w *Writer) Write(event *hook.Event, m *hook.Message, to *url.URL, now Moment) (send.Request, error) {
	at := now.At
	if !w.rules.Restamps() && !now.First.IsZero() {
		at = now.First
	}
	if event.ID == "" && w.rules.profile.Event.NewID != "" {
		id, err := w.rules.profile.Event.NewID.NewID(w.random, at)
		if err != nil {
			return send.Request{}, err
		}
		event.ID = id
	}
	signed, err := w.signer.Sign(signature.Draft{
		Method: m.Method, URL: hook.DisplayURL(to), Body: m.Body, ContentType: m.ContentType, Header: m.Header,
		Event: event.Type, ID: event.ID, At: at, Try: now.Try, First: orTime(now.First, at), Cause: w.cause(now),
	}, w.random)
	if err != nil {
		return send.Request{}, fmt.Errorf("signing for %s: %w", w.rules.profile.Name, err)
	}
	return addressed(signed.Message, to)
}

// cause is the provider's word for why there is another attempt.
func (w *Writer) cause(now Moment) string {
	if now.Try <= 1 {
		return ""
	}
	return w.rules.policy.Cause(now.Failure)
}

// addressed is m as it is sent to the URL to, whose user goes into the header.
func addressed(m *provider.Message, to *url.URL) (send.Request, error) {
	written, err := url.Parse(m.URL) // a signature may stand in its query
	if err != nil {
		return send.Request{}, err
	}
	header := make(hook.Header, 0, len(m.Header)+2)
	if !m.Header.Has("Host") {
		header = append(header, hook.Field{Name: "Host", Value: to.Host})
	}
	if to.User != nil && !m.Header.Has("Authorization") {
		header = append(header, send.Authorization(to))
	}
	return send.Request{
		Method: m.Method, URL: to, Target: written.RequestURI(), Header: append(header, m.Header...), Body: hook.Bytes(m.Body),
	}, nil
}

func orTime(t, standard time.Time) time.Time {
	if t.IsZero() {
		return standard
	}
	return t
}
