using Microsoft.OpenApi;

namespace OpenVocab.Server.Endpoints;

/// <summary>What the description of the API (OpenAPI) cannot read off the code: bodies that are taken as they come.</summary>
internal static class ApiDescription
{
    /// <summary>A parameter is a number, which the code reads as a text to say in its own words where it is none.</summary>
    internal static void SetNumber(OpenApiOperation operation, string name)
    {
        foreach (OpenApiParameter parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.Name == name))
        {
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Number };
        }
    }

    internal static Task SetBody(OpenApiOperation operation, string description, params string[] contentTypes)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Description = description,
            Required = true,
            Content = contentTypes.ToDictionary(type => type, _ => new OpenApiMediaType()),
        };
        return Task.CompletedTask;
    }
}
