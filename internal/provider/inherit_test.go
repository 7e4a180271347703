package provider_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/provider"
)

// family is a library of a grandparent, a parent and a child, and of two in a circle.
func family() *provider.Library {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"grand": "title: Grand\naliases: [old-grand, granny]\nsources: {a: book of grand}\nsecret: {form: hex, name: grand key}\nbody: {kind: json, content_type: text/json}\n" +
			"policy: {retry: {attempts: 3, delays: [1s, 2s]}}\nendpoint: {https: true}\nprovenance: {secret: {is: documented, from: [a]}, body: {is: observed, from: [a]}, policy: {is: observed, from: [a], note: n}, endpoint: {is: assumed}}\n",
		"parent": "like: grand\nbody: {kind: form}\nsources: {b: book of parent}\nprovenance: {body: {is: announced, from: [b]}, policy.retry.delays: {is: documented, from: [b]}}\n",
		"child":  "title: Child\nlike: parent\nsecret: {prefix: c_}\nprovenance: {secret: {is: assumed}, endpoint.https: {is: observed, from: [c]}}\nsources: {c: book of child}\n",
		"hen":    "like: egg\n", "egg": "like: hen\n", "self": "like: self\n",
		"wrong": "like: hen-house\n",
	} {
		files[name+"/provider.yaml"] = &fstest.MapFile{Data: []byte("name: " + name + "\n" + text)}
	}
	files["misnamed/provider.yaml"] = &fstest.MapFile{Data: []byte("name: other\n")}
	return provider.NewLibrary(files)
}

func TestSectionsComeFromTheProfileThatAnotherIsLike(t *testing.T) {
	p, err := family().Load("child")
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(p.Title, " ", p.Secret.Form, p.Secret.Prefix, " ", p.Body.Kind, " ", p.Policy.Retry.Attempts, " ", p.Endpoint.HTTPS, " ", p.Aliases, " ", len(p.Sources))
	// Whole sections are taken, not single rules: child's secret has no form.
	if want := "Child c_ form 3 true [] 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	want := []provider.Rule{
		{Path: "secret.prefix", Value: "c_", Status: provider.Assumed},
		{Path: "body.kind", Value: "form", Status: provider.Announced, Sources: []string{"book of parent"}, Inherited: "parent"},
		{Path: "policy.retry.attempts", Value: "3", Status: provider.Observed, Sources: []string{"book of grand"}, Note: "n", Inherited: "grand"},
		{Path: "policy.retry.delays", Value: "1s, 2s", Status: provider.Documented, Sources: []string{"book of parent"}, Inherited: "grand"},
		{Path: "endpoint.https", Value: "true", Status: provider.Observed, Sources: []string{"book of child"}, Inherited: "grand"},
	}
	if diff := cmp.Diff(want, p.Rules()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for path, want := range map[string]provider.Status{
		"secret.prefix": provider.Assumed, "body.kind": provider.Announced, "policy.retry.attempts": provider.Observed,
		"policy.retry.delays": provider.Documented, "endpoint.https": provider.Observed, "handshakes": "",
	} {
		if got := p.Status(path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

func TestCirclesEnd(t *testing.T) {
	for _, name := range []string{"hen", "egg", "self"} {
		_, err := family().Load(name)
		if err == nil || !strings.Contains(err.Error(), "provider.yaml:2:1: want at most 4 profiles behind one another") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNamesAndAliases(t *testing.T) {
	l := family()
	for _, name := range []string{"grand", "GRAND", "old-grand", "granny", "Granny"} {
		if p, err := l.Load(name); err != nil || p.Name != "grand" {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
	for name, near := range map[string]string{"chidl": "child", "granyn": "granny", "zzzzzzzz": ""} {
		_, err := l.Load(name)
		var unknown *provider.UnknownError
		if !errors.As(err, &unknown) || unknown.Name != name || unknown.Near != near {
			t.Errorf("%s: %#v", name, err)
		}
	}
	if _, err := l.Load("wrong"); err == nil || err.Error() != `wrong/provider.yaml:2:1: there is no provider "hen-house"` {
		t.Error(err)
	}
	if _, err := l.Load("misnamed"); err == nil || err.Error() != `misnamed/provider.yaml:1:1: want "misnamed", as the folder is called, got "other"` {
		t.Error(err)
	}
}

func TestFaultyProfilesDoNotHideTheOthers(t *testing.T) {
	all, err := family().All()
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	if diff := cmp.Diff([]string{"child", "grand", "parent"}, names); diff != "" {
		t.Error(diff)
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != 5 {
		t.Errorf("%d faults are told, want 5:\n%v", n, err)
	}
}

func TestEachLoadIsAProfileOfItsOwn(t *testing.T) {
	l := family()
	one, _ := l.Load("child")
	if err := one.Set("--set", "policy.retry.delays", "[9s, 9s]"); err != nil {
		t.Fatal(err)
	}
	other, _ := l.Load("child")
	if got := other.Policy.Retry.Delays[0].String(); got != "1s" {
		t.Errorf("the second has %s", got)
	}
	if string(one.Source()) != string(other.Source()) || one.File() != "child/provider.yaml" {
		t.Error("the text of the file is not what it was")
	}
}
