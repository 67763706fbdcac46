// Shows the description of the server this page came from, and asks nobody else for anything.
window.ui = SwaggerUIBundle({
  url: "/api-docs/openapi.json",
  dom_id: "#page",
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
