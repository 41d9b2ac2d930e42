// Names of skills and tools from many occupations with their other spellings, of our own gathering.
import type { KeywordType } from "../../../../shared/schemas/career/rubric.ts";

export interface Skill {
  /** As it is shown. */
  name: string;
  aliases: readonly string[];
  /** Versions, parts and sorts of it: whoever writes one of them means it as well, but none is another name for it. */
  kinds: readonly string[];
  type: KeywordType;
  /** Of a requirement that asks for it. */
  category: string;
  /** An ordinary word, too: told apart by its case and what stands around it. */
  ambiguous: boolean;
}

/**
 * A line: `Name | alias | ~kind`; a name with `!` before it is an ordinary word as well. The aliases of such a name must
 * not be ambiguous themselves. With `~` begins what is no other name for it, but a version, a part or a sort of it.
 */
const groups: readonly { category: string; type: KeywordType; lines: string }[] = [
  {
    category: "programming",
    type: "skill",
    lines: `Python
Java
JavaScript | ECMAScript
TypeScript
C++ | cpp
C# | c sharp | csharp
!C | c programming | ansi c
!R | r programming | ~rstudio | r language | ~tidyverse
!Go | golang
!Rust | rust programming
!Swift | ~swiftui
!Ruby | ~ruby on rails
Objective-C
Kotlin
Scala
PHP
Perl
!Julia | julia programming
MATLAB
Haskell
Elixir
Visual Basic | ~VBA
COBOL
Fortran
SQL
T-SQL
PL/SQL
HTML | ~HTML5
CSS | ~CSS3
Bash | ~shell scripting
PowerShell
GraphQL
!Dart | dart programming
SAS
Stata
SPSS`,
  },
  {
    category: "frameworks",
    type: "tool",
    lines: `.NET | dotnet | ~.NET Core | ~.NET Framework
ASP.NET | ~ASP.NET Core
!React | React.js | ReactJS
React Native
Angular | ~AngularJS
Vue | Vue.js
Node.js | NodeJS
!Express | Express.js | ExpressJS
Next.js
Django
!Flask | flask api
FastAPI
!Spring | ~Spring Boot | spring framework
Hibernate
Laravel
Flutter
jQuery
TensorFlow
MLflow
PyTorch
Keras
scikit-learn | sklearn
Pandas
NumPy
Jest
!Cypress | cypress.io
Selenium
Playwright
JUnit
D3.js`,
  },
  {
    category: "cloud",
    type: "tool",
    lines: `AWS | Amazon Web Services
Azure | Microsoft Azure
GCP | Google Cloud | Google Cloud Platform
Kubernetes | K8s
Docker
Terraform
Ansible
!Chef | chef infra
!Puppet | puppet enterprise
Jenkins
GitLab
GitHub | ~GitHub Actions
Git
Linux
Helm
Prometheus
Grafana
Datadog
Splunk
Kafka | Apache Kafka
RabbitMQ
Redis
Elasticsearch
MongoDB
PostgreSQL | Postgres
MySQL
!Oracle | oracle database
SQL Server | MSSQL
DynamoDB
Cassandra
Snowflake
Databricks
BigQuery
Redshift
!Spark | Apache Spark | ~PySpark
Hadoop
Airflow | Apache Airflow
dbt
Nginx
CI/CD
REST API | RESTful API
Microservice`,
  },
  {
    category: "data",
    type: "tool",
    lines: `Tableau
Power BI | PowerBI
Looker
!Excel | Microsoft Excel | MS Excel
Google Analytics
Google Sheets
Qlik | ~QlikView
Alteryx
ETL
A/B testing
Data visualisation | data visualization
Machine learning
Deep learning
Natural language processing | NLP
Computer vision
Large language model | LLM
Statistical modelling | statistical modeling
Forecasting`,
  },
  {
    category: "business",
    type: "tool",
    lines: `Salesforce
HubSpot
Marketo
SAP | ~SAP S/4HANA | ~S/4HANA
NetSuite
QuickBooks
!Xero | xero accounting
!Sage | ~sage 50 | sage accounting
Workday
Bloomberg
Jira
Confluence
!Asana | asana boards
Trello
!Slack | slack workspace
!Teams | Microsoft Teams | MS Teams
!Word | Microsoft Word | MS Word
PowerPoint
!Outlook | Microsoft Outlook
SharePoint
!Access | Microsoft Access | MS Access
Microsoft Office | MS Office | ~Office 365 | ~Microsoft 365
Google Workspace | G Suite
Zendesk
ServiceNow
Shopify
WordPress
Mailchimp
Google Ads | AdWords
!Zoom | zoom meetings
!Notion | notion workspace
Primavera P6 | ~Primavera
MS Project | Microsoft Project`,
  },
  {
    category: "design",
    type: "tool",
    lines: `Figma
!Sketch | sketch app
Adobe Photoshop | Photoshop
Adobe Illustrator
InDesign | Adobe InDesign
After Effects
Premiere Pro
AutoCAD
SolidWorks
Revit
CATIA
ANSYS
SketchUp
!Blender | blender 3d
!Unity | unity3d | unity engine
Unreal Engine
BIM`,
  },
  {
    category: "clinical",
    type: "tool",
    lines: `!Epic | Epic EHR | Epic Systems | EpicCare
Cerner
SystmOne
EMIS Web
EHR | electronic health record
EMR | electronic medical record
Meditech
Phlebotomy
Triage
Cannulation
Venepuncture | venipuncture
Wound care
Medication administration
Infection control
Basic life support | BLS
Advanced life support | ~ACLS | ALS
CPR
HIPAA
Safeguarding
Care planning | ~care plan
Patient assessment`,
  },
  {
    category: "trades",
    type: "tool",
    lines: `CNC | ~CNC machining
!Lathe | ~cnc lathe
PLC | ~PLC programming
SCADA
MIG welding
TIG welding
Forklift | fork lift
HVAC
Hydraulics
Pneumatics
CMM
GD&T
Autoclave
HPLC
PCR
GC-MS
Point of sale | POS system | EPOS
WMS | warehouse management system
Crane operation
Scaffolding`,
  },
  {
    category: "methodology",
    type: "methodology",
    lines: `Agile
Scrum
Kanban
!SAFe | Scaled Agile Framework | Scaled Agile
Six Sigma | ~Lean Six Sigma
Lean manufacturing
Kaizen
PRINCE2
PMP
ITIL
DevOps
Test-driven development | TDD
GMP | good manufacturing practice
GLP
HACCP
5S
ISO 9001
ISO 27001
ISO 13485
COSHH
OSHA
NEBOSH
IOSH
GAAP
IFRS
GDPR
SOX
KYC
AML | anti-money laundering`,
  },
  {
    category: "domain",
    type: "domain",
    lines: `Accounts payable
Accounts receivable
Payroll
Bookkeeping
Budgeting
Financial modelling | financial modeling
Auditing
Procurement
Supply chain
Inventory management
Logistics
Customer service
Account management
Business development
Lead generation
SEO | search engine optimisation | search engine optimization
Content marketing
Social media
Copywriting
Event planning
Recruitment
Onboarding
Curriculum design
Lesson planning
Classroom management
Special educational needs | SEND
Case management
Regulatory affairs
Clinical trial
Pharmacovigilance
Risk assessment
Quality assurance
Quality control
Contract negotiation
Litigation
Conveyancing
Stakeholder management
Project management
Change management
Food safety
Menu planning`,
  },
];

export const skills: readonly Skill[] = groups.flatMap(({ category, type, lines }) =>
  lines.split("\n").map((line) => {
    const [first = "", ...others] = line.split("|").map((part) => part.trim());
    const ambiguous = first.startsWith("!");
    const isKind = (other: string) => other.startsWith("~");
    return {
      name: ambiguous ? first.slice(1) : first,
      aliases: others.filter((other) => !isKind(other)),
      kinds: others.filter(isKind).map((other) => other.slice(1)),
      type,
      category,
      ambiguous,
    };
  }),
);
