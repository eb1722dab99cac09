// Prints what sigs.k8s.io/yaml, the YAML reader of Kubernetes, makes of YAML texts.
//
// Standard input: a JSON list of texts. Standard output: a JSON list, an entry a text, of
// {"json": …} or {"error": "…"}, from the strict reading that the API server does.
package main

import (
	"encoding/json"
	"os"

	"sigs.k8s.io/yaml"
)

type result struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		panic(err)
	}
	results := make([]result, len(texts))
	for i, text := range texts {
		out, err := yaml.YAMLToJSONStrict([]byte(text))
		if err != nil {
			results[i].Error = err.Error()
		} else {
			results[i].JSON = out
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		panic(err)
	}
}
