package delivery

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/send"
)

// ErrorMessage is the provider's message about a delivery that failed, as it is sent to
// the URL to: event and attempted are what was delivered and where, res and verdict how
// the last attempt at it ended.
func (r *Rules) ErrorMessage(event hook.Event, attempted, to *url.URL, try int, res Result, v Verdict) (send.Request, error) {
	scope := &provider.Scope{
		Message: &provider.Message{Method: "POST", URL: hook.DisplayURL(attempted)}, ID: event.ID, Event: event.Type,
		At: res.EndedAt, First: res.StartedAt, Try: try, Status: res.Status, Cause: orText(r.policy.Cause(res.Failure), v.Reason),
	}
	body, err := r.errorBody(scope)
	if err != nil {
		return send.Request{}, fmt.Errorf("the message about failures: %w", err)
	}
	m := &provider.Message{Method: "POST", URL: hook.DisplayURL(to), Body: body, Header: hook.Header{{Name: "Content-Type", Value: "application/json"}}}
	return addressed(m, to)
}

// errorBody is the message in JSON, its fields in the order of the policy. A value that is
// a number alone is written as one; a field of what nothing is known of is left out.
func (r *Rules) errorBody(scope *provider.Scope) ([]byte, error) {
	body := []byte{'{'}
	for _, field := range r.policy.Errors.Body {
		value, err := field.Value.Fill(scope)
		var missing *provider.MissingError
		if errors.As(err, &missing) {
			continue
		}
		if err != nil {
			return nil, err
		}
		name, err := jsontext.Marshal(field.Name)
		if err != nil {
			return nil, err
		}
		text := []byte(value)
		if !isNumber(value) {
			if text, err = jsontext.Marshal(value); err != nil {
				return nil, err
			}
		}
		if len(body) > 1 {
			body = append(body, ',')
		}
		body = append(append(append(body, name...), ':'), text...)
	}
	return append(body, '}'), nil
}

func isNumber(text string) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return text != "" && (text[0] != '0' || len(text) == 1)
}

func orText(text, standard string) string {
	if text == "" {
		return standard
	}
	return text
}
