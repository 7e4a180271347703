package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/signature"
)

// A captureFinder has the captures that deliveries are of.
type captureFinder interface {
	Find(ctx context.Context, ref string) (*hook.Capture, error)
}

// A courier makes the attempts of deliveries: captures as they came, or signed anew for
// an endpoint that has a secret of its own, and what hookctl made itself signed each
// time.
type courier struct {
	client   *send.Client
	captures captureFinder
	// keys are the secrets that deliveries of a provider's events to an endpoint are signed
	// with; captures go on as they came where there are none. Called for each attempt, for
	// secrets change.
	keys func(e *hook.Endpoint, providerName string) ([]signature.Key, error)
	// onward is a capture on its way to an endpoint.
	onward func(c *hook.Capture, e *hook.Endpoint) send.Request
	// added are the fields that go out with a capture besides its own, those of the
	// endpoint in their place, and the one by which a loop is noticed.
	added func(c *hook.Capture, own hook.Header) (fields hook.Header, hop hook.Field)
	// told is told of messages about failed deliveries that were sent.
	told func(e *delivery.Errand, a *hook.Attempt, err error)
	// random is for ids and what else providers make up, safe for several at once.
	random io.Reader
}

// Carry makes one attempt.
func (c *courier) Carry(ctx context.Context, e *delivery.Errand) (*hook.Attempt, error) {
	request, err := c.request(ctx, e)
	if err != nil {
		return nil, err
	}
	request.Deadline, request.Kept = e.Deadline, e.Rules.Kept()
	a := c.client.Attempt(ctx, request, nil)
	if a.Trigger = hook.TriggerSchedule; e.Moment.Try == 1 && e.Delivery.Message == nil {
		a.Trigger = hook.TriggerForward
	}
	return a, nil
}

func (c *courier) request(ctx context.Context, e *delivery.Errand) (send.Request, error) {
	d := e.Delivery
	if d.Message != nil {
		keys, err := c.keys(&e.Endpoint, d.Provider)
		if err != nil {
			return send.Request{}, err
		}
		return c.written(e, withHeader(d.Message, e.Endpoint.Header), keys)
	}
	found, err := c.captures.Find(ctx, string(d.CaptureID))
	if err != nil {
		if errors.Is(err, hook.ErrNoRecord) {
			return send.Request{}, &delivery.GoneError{Reason: "its capture is gone: " + err.Error()}
		}
		return send.Request{}, err
	}
	keys, err := c.keys(&e.Endpoint, d.Provider)
	if err != nil {
		return send.Request{}, err
	}
	if len(keys) == 0 {
		return c.onward(found, &e.Endpoint), nil
	}
	return c.anew(e, found, keys)
}

// anew is a capture signed anew. It goes round no more than one that is sent as it came.
func (c *courier) anew(e *delivery.Errand, found *hook.Capture, keys []signature.Key) (send.Request, error) {
	body, err := hook.ReadBody(found.Body)
	if err != nil {
		return send.Request{}, fmt.Errorf("reading %s: %w", found.ID, err)
	}
	fields, hop := c.added(found, e.Endpoint.Header)
	m := &hook.Message{Method: found.Method, ContentType: found.Header.Get("Content-Type"), Body: body}
	request, err := c.written(e, withHeader(m, fields), keys)
	request.Header = append(request.Header, hop)
	return request, err
}

// written is m as the provider sends it.
func (c *courier) written(e *delivery.Errand, m *hook.Message, keys []signature.Key) (send.Request, error) {
	return delivery.NewWriter(e.Rules, keys, c.random).Write(&e.Delivery.Event, m, e.Endpoint.URL, e.Moment)
}

// withHeader is m with the fields that an endpoint has sent with each delivery; those of
// the message itself go first.
func withHeader(m *hook.Message, header hook.Header) *hook.Message {
	with := *m
	with.Header = append(header.Without(m.Header.Has), m.Header...)
	return &with
}

// Complain sends the provider's message about failed deliveries, where the endpoint has
// an address for it.
func (c *courier) Complain(ctx context.Context, e *delivery.Errand, res delivery.Result, v delivery.Verdict) {
	if e.Endpoint.ErrorsTo == nil {
		c.told(e, nil, nil)
		return
	}
	request, err := e.Rules.ErrorMessage(e.Delivery.Event, e.Endpoint.URL, e.Endpoint.ErrorsTo, e.Moment.Try, res, v)
	if err != nil {
		c.told(e, nil, err)
		return
	}
	request.Deadline = e.Deadline
	c.told(e, c.client.Attempt(ctx, request, nil), nil)
}
