package provider_test

import (
	"slices"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

func TestTemplatesAreFilled(t *testing.T) {
	at := time.Unix(1700000000, 0)
	for _, test := range []struct {
		name, template string
		scope          provider.Scope
		want           string
		missing        bool
	}{
		{"place that is there", "<{json:a}>", provider.Scope{}, "<1>", false},
		{"place that is not there", "<{json:b}>", provider.Scope{}, "", true},
		{"place that may be empty and is there", "<{json:a?}>", provider.Scope{}, "<1>", false},
		{"place that may be empty and is not there", "<{json:b?}>", provider.Scope{}, "<>", false},
		{"null says nothing", "<{json:c?}>", provider.Scope{}, "<>", false},
		{"number of the first attempt", "{try}", provider.Scope{Try: 1}, "1", false},
		{"retries before the first attempt", "{try:retry}", provider.Scope{Try: 1}, "0", false},
		{"number of a retry, in the first attempt", "{try:again}", provider.Scope{Try: 1}, "", true},
		{"number of a retry", "{try:again}", provider.Scope{Try: 3}, "2", false},
		{"first attempt, in the first", "{first:s}", provider.Scope{At: at}, "1700000000", false},
		{"first attempt, in a later one", "{first:s}", provider.Scope{At: at.Add(time.Hour), First: at}, "1700000000", false},
		{"status of an attempt without an answer", "{status}", provider.Scope{}, "0", false},
		{"status of an attempt", "{status}", provider.Scope{Status: 503}, "503", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			template, err := provider.ParseTemplate(test.template)
			if err != nil {
				t.Fatal(err)
			}
			test.scope.Message = &provider.Message{Body: []byte(`{"a":1,"c":null}`)}
			got, err := template.Fill(&test.scope)
			if got != test.want || (err != nil) != test.missing {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestFormsAreSignedOnlyWhereTheyReadInOneWay(t *testing.T) {
	place, err := provider.ParsePlace("forms")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, body, want string
		ok               bool
	}{
		{"by name", "b=2&a=1", "a1b2", true},
		{"each value once, by value", "a=3&a=1&a=3", "a1a3", true},
		{"decoded", "a=%2B1+2", "a+1 2", true},
		{"none", "", "", true},
		{"semicolon", "a=1&b;=2", "", false},
		{"broken escape", "a=%2", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			scope := provider.Scope{Message: &provider.Message{Body: []byte(test.body)}}
			if got, ok := scope.Text(&place); got != test.want || ok != test.ok {
				t.Errorf("got %q, %v", got, ok)
			}
		})
	}
}

func TestOtherFormsOfAnAddress(t *testing.T) {
	for _, test := range []struct{ given, form string }{
		{"https://a.example/x", "https://a.example:443/x"},
		{"https://a.example:443/x", "https://a.example/x"},
		{"https://a.example:1234/x", "https://a.example/x"},
		{"https://a.example/x", "http://a.example:80/x"},
		{"https://[::1]:8443/x?y=1", "https://[::1]/x?y=1"},
	} {
		if forms := provider.URLForms(test.given); !slices.Contains(forms, test.form) || slices.Contains(forms, test.given) {
			t.Errorf("%s: want %s among others, got %v", test.given, test.form, forms)
		}
	}
}

func loadProfile(t *testing.T, name string) *provider.Profile {
	t.Helper()
	p, err := library().Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestMessagesWithoutATypeAreKnownByWhatTheyHave(t *testing.T) {
	p := loadProfile(t, "retm")
	for body, want := range map[string]string{
		`{"event":"order.created","business_refrence":"b"}`:                     "order.created",
		`{"reward_code":"r","business_refrence":"b"}`:                           "check_reward",
		`{"reward_code":"r","business_refrence":"b","branch_id":"1"}`:           "redeem_reward",
		`{"code":500,"endpoint":"https://a.example","message":"no answer"}`:     "error_webhook",
		`{"business_refrence":"b"}`:                                             "",
		`{"event":"x","reward_code":"r","business_refrence":"b","branch_id":1}`: "x",
	} {
		if got := p.EventOf(&provider.Message{Body: []byte(body)}).Type; got != want {
			t.Errorf("%s: want %q, got %q", body, want, got)
		}
	}
}

func TestReadingsAndVariantsAreChosenByName(t *testing.T) {
	p := loadProfile(t, "recharge")
	acknowledged := func(status int) bool {
		return slices.ContainsFunc(p.Policy.Ack.Statuses, func(r provider.StatusRange) bool { return r.Has(status) })
	}
	if acknowledged(404) || !acknowledged(204) {
		t.Error("want 2xx alone, got", p.Policy.Ack.Statuses)
	}
	if err := p.Set("test", "policy.ack.statuses", "only-listed-failures"); err != nil {
		t.Fatal(err)
	}
	for status, want := range map[int]bool{200: true, 302: true, 404: true, 408: false, 429: false, 500: false} {
		if acknowledged(status) != want {
			t.Errorf("%d: want %v", status, want)
		}
	}
	if err := p.Set("test", "policy.retry", "twenty-more"); err != nil || p.Policy.Retry.Attempts != 21 {
		t.Error(p.Policy.Retry, err)
	}
	if err := p.Set("test", "policy.ack.statuses", "no-such-reading"); err == nil {
		t.Error("want an error, got none")
	}
}

func TestCausesAreInTheWordsOfTheProvider(t *testing.T) {
	square, stripe := loadProfile(t, "square"), loadProfile(t, "stripe")
	for failure, want := range map[string]string{
		hook.FailureLate: "http_timeout", "": "http_error", hook.FailureBroken: "other_error", hook.FailureUnreachable: "other_error",
	} {
		if got := square.Policy.Cause(failure); got != want {
			t.Errorf("%q: want %s, got %s", failure, want, got)
		}
	}
	if got := stripe.Policy.Cause(hook.FailureLate); got != "" {
		t.Errorf("want no word, got %q", got)
	}
}

func TestAHeaderThatSeveralProvidersUseIsNotEnough(t *testing.T) {
	profiles, err := library().All()
	if err != nil {
		t.Fatal(err)
	}
	d := provider.NewDetector(profiles, func(*provider.Profile) bool { return false })
	for _, test := range []struct {
		name, header, body string
		want               []string
	}{
		{"X-Signature alone", "X-Signature", `{"a":1}`, nil},
		{"X-Signature on an event of Techrar", "X-Signature", `{"app_id":1,"timestamp":1,"event":"m.order.completed","data":{}}`, []string{"techrar"}},
		{"x-raas-event of PaaS", "x-raas-event", `{"id":"1","user_id":"2"}`, []string{"machnet-paas"}},
		{"x-raas-event of RaaS", "x-raas-event", `{"persisted_object_id":"1"}`, []string{"machnet-raas"}},
		{"x-raas-event alone", "x-raas-event", `{}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, p := range d.Detect(&provider.Message{Header: hook.Header{{Name: test.header, Value: "x"}}, Body: []byte(test.body)}) {
				got = append(got, p.Name)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("want %v, got %v", test.want, got)
			}
		})
	}
}
