package delivery

import (
	"net/url"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
)

func TestTheErrorMessageSaysWhatItsPolicyHas(t *testing.T) {
	attempted, _ := url.Parse("http://u:p@127.0.0.1:3000/hooks")
	to, _ := url.Parse("http://127.0.0.1:3000/errors")
	rules := rulesOf(t, "retm")
	tests := []struct {
		name string
		res  Result
		want string
	}{
		{"an answer", Result{Status: 503}, `{"code":503,"endpoint":"http://127.0.0.1:3000/hooks","message":"503 is no acknowledgement"}`},
		{"no answer", Result{Failure: hook.FailureUnreachable}, `{"code":0,"endpoint":"http://127.0.0.1:3000/hooks","message":"no connection"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := rules.ErrorMessage(hook.Event{Type: "order.created"}, attempted, to, 3, test.res, rules.Judge("order.created", test.res))
			if err != nil {
				t.Fatal(err)
			}
			body, err := hook.ReadBody(r.Body)
			if err != nil || string(body) != test.want {
				t.Errorf("body %s, %v; want %s", body, err, test.want)
			}
			if r.Method != "POST" || r.Target != "/errors" || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("request %+v", r)
			}
		})
	}
}
